import { defineConfig } from 'tsup';

// No `clean`: the builds run side by side, and each would remove what another has written.
export default defineConfig([
  {
    entry: ['src/index.ts'],
    format: ['esm', 'cjs'],
    sourcemap: true,
    target: 'node22',
  },
  {
    entry: ['src/nasc.ts'],
    format: ['esm'],
    platform: 'browser',
    target: 'es2022',
    noExternal: [/./],
    minify: true,
    banner: { js: '/*! @nasc/client, MIT. Contains @cfworker/json-schema, MIT, © Jeremy Danyow. */' },
  },
]);
