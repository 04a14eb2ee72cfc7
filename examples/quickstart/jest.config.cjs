const { reporters, testTimeout } = require('../../jest.preset.cjs');

module.exports = { testEnvironment: 'node', testMatch: ['**/*.test.cjs'], reporters, testTimeout };
