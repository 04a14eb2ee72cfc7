const preset = require('../../jest.preset.cjs');

const [transformer, options] = preset.transform['^.+\\.ts$'];
const tsconfig = { ...options.tsconfig, allowJs: true };

module.exports = {
  ...preset,
  // Plain JavaScript too: the store of the guide, and Kysely, which is published as ES modules only.
  transform: { '\\.[jt]s$': [transformer, { ...options, tsconfig }] },
  transformIgnorePatterns: ['/node_modules/(?!(\\.pnpm/)?kysely)'],
};
