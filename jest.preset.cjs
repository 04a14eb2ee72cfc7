/**
 * The one jest configuration: every package's jest.config.cjs is `module.exports = require('../../jest.preset.cjs')`.
 * A package with a long lane (`*.long.test.ts`) runs it with `jest --testMatch` and `--testPathIgnorePatterns`.
 * ts-jest only strips types here (isolatedModules); `pnpm typecheck` checks them.
 */
module.exports = {
  testEnvironment: 'node',
  // Tests wait for events; the limit is for what hangs, also on a busy machine.
  testTimeout: 120_000,
  roots: ['<rootDir>/src'],
  testMatch: ['**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '\\.long\\.test\\.ts$'],
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
