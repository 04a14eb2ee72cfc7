import { defineConfig, type Options } from 'tsup';

const common: Options = {
  entry: ['src/index.ts'],
  sourcemap: true,
  target: 'node22',
  // `__filename` in both: `import.meta.url` would not do for the tests, which are CommonJS.
  shims: true,
};

// No `clean`: the builds run side by side, and each would remove what another has written.
export default defineConfig([
  { ...common, format: 'esm' },
  // parse5 is an ES module only, and not every Node 22 can `require` those.
  { ...common, format: 'cjs', noExternal: ['parse5', 'entities'] },
]);
