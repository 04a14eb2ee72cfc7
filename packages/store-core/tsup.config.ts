import { defineConfig } from 'tsup';

const library = { index: 'src/index.ts', conformance: 'src/conformance/index.ts' };

// No `clean`: the builds run side by side, and each would remove what another has written.
export default defineConfig([
  {
    entry: {
      ...library,
      // What the suite starts: the command line, and its other processes.
      'nasc-conformance': 'src/conformance/cli/nasc-conformance.ts',
      'peer-process': 'src/conformance/processes/peer-process.ts',
      'rule-process': 'src/conformance/processes/rule-process.ts',
    },
    format: 'esm',
    dts: { entry: library },
    sourcemap: true,
    // __dirname, to find the scripts above.
    shims: true,
    target: 'node22',
  },
  { entry: library, format: 'cjs', dts: true, sourcemap: true, target: 'node22' },
]);
