const { mkdirSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');

/** Writes "passed failed skipped" of one run of jest to a file of its own in NASC_TEST_COUNTS. */
module.exports = class CountsReporter {
  onRunComplete(_contexts, results) {
    const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites, numPendingTests, numTodoTests } =
      results;
    const folder = process.env.NASC_TEST_COUNTS;
    mkdirSync(folder, { recursive: true });
    const failed = numFailedTests + numRuntimeErrorTestSuites;
    writeFileSync(
      join(folder, `${process.pid}`),
      `${numPassedTests} ${failed} ${numPendingTests + numTodoTests}\n`,
    );
  }
};
