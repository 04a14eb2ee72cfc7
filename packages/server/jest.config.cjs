const preset = require('../../jest.preset.cjs');
const [, tsJest] = Object.entries(preset.transform)[0];
const [name, options] = tsJest;

/** parse5 and its `entities` are ES modules only, and jest runs CommonJS: they are transformed too. */
module.exports = {
  ...preset,
  transform: {
    ...preset.transform,
    '[/\\\\](parse5|entities)[/\\\\].+\\.js$': [
      name,
      { ...options, tsconfig: { ...options.tsconfig, allowJs: true, sourceMap: false } },
    ],
  },
  transformIgnorePatterns: ['/node_modules/(?!(\\.pnpm/[^/]+/node_modules/)?(parse5|entities)/)'],
};
