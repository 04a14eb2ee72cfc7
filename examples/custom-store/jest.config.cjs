const preset = require('../../jest.preset.cjs');

const [transformer, options] = preset.transform['^.+\\.ts$'];
const tsconfig = { ...options.tsconfig, allowJs: true };

module.exports = {
  ...preset,
  // The whole suite on each store is for the long lane; here its rules run one by one.
  testPathIgnorePatterns: [...preset.testPathIgnorePatterns, '\\.conformance\\.test\\.ts$'],
  // Plain JavaScript too: the store of the guide, and Kysely, which is published as ES modules only.
  transform: { '\\.[jt]s$': [transformer, { ...options, tsconfig }] },
  transformIgnorePatterns: ['/node_modules/(?!(\\.pnpm/)?kysely)'],
};
