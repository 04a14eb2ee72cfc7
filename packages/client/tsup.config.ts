import { defineConfig } from 'tsup';

export default defineConfig([
  {
    entry: ['src/index.ts'],
    format: ['esm', 'cjs'],
    dts: true,
    sourcemap: true,
    clean: ['dist/index*'],
    target: 'node22',
  },
  {
    entry: ['src/nasc.ts'],
    format: ['esm'],
    platform: 'browser',
    target: 'es2022',
    noExternal: [/./],
    minify: true,
    dts: true,
    banner: { js: '/*! @nasc/client, MIT. Contains @cfworker/json-schema, MIT, © Jeremy Danyow. */' },
    clean: ['dist/nasc*'],
  },
]);
