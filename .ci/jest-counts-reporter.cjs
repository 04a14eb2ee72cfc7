const { mkdirSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');

/** Writes what one run of jest has counted to a file of its own in NASC_TEST_COUNTS, for count-lane.mjs. */
module.exports = class CountsReporter {
  onRunComplete(_contexts, results) {
    const folder = process.env.NASC_TEST_COUNTS;
    const counts = {
      package: process.env.npm_package_name,
      passed: results.numPassedTests,
      // A file that does not load has no tests that could fail.
      failed: results.numFailedTests + results.numRuntimeErrorTestSuites,
      skipped: results.numPendingTests + results.numTodoTests,
    };
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `${process.pid}.json`), JSON.stringify(counts));
  }
};
