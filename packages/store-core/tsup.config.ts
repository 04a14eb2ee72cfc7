import { defineConfig } from 'tsup';

const library = { index: 'src/index.ts', conformance: 'src/conformance/index.ts' };

/** What the suite starts: the command line, and its other processes. */
const programs = {
  'nasc-conformance': 'src/conformance/cli/nasc-conformance.ts',
  'peer-process': 'src/conformance/processes/peer-process.ts',
  'rule-process': 'src/conformance/processes/rule-process.ts',
};

// No `clean`: the builds run side by side, and each would remove what another has written.
export default defineConfig(({ dts }) =>
  dts
    ? { entry: library, format: ['esm', 'cjs'] }
    : [
        {
          entry: { ...library, ...programs },
          format: 'esm',
          sourcemap: true,
          // __dirname, to find the programs.
          shims: true,
          target: 'node22',
        },
        { entry: library, format: 'cjs', sourcemap: true, target: 'node22' },
      ],
);
