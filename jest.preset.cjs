/**
 * The one jest configuration: every package's jest.config.cjs is `module.exports = require('../../jest.preset.cjs')`.
 * `NASC_LONG=1` runs the long lane (`*.long.test.ts`) instead of the short one.
 * ts-jest only strips types here (isolatedModules); `pnpm typecheck` checks them.
 */
const long = process.env.NASC_LONG === '1';

module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/src'],
  testMatch: long ? ['**/*.long.test.ts'] : ['**/*.test.ts'],
  testPathIgnorePatterns: long ? ['/node_modules/'] : ['/node_modules/', '\\.long\\.test\\.ts$'],
  // .ci/run sums up the tests of all packages.
  reporters: process.env.NASC_TEST_COUNTS
    ? ['default', require.resolve('./.ci/jest-counts-reporter.cjs')]
    : ['default'],
  transform: {
    '^.+\\.ts$': [
      'ts-jest',
      {
        tsconfig: {
          target: 'ES2024',
          module: 'CommonJS',
          moduleResolution: 'Node10',
          ignoreDeprecations: '6.0',
          esModuleInterop: true,
          isolatedModules: true,
          sourceMap: true,
        },
        diagnostics: false,
      },
    ],
  },
};
