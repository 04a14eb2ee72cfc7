import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * node count-lane.mjs <folder of counts> <folder of turbo's summaries> <exit code>
 *
 * Prints "passed failed skipped" of a lane: its tests, and one failure more for each task that failed though none of
 * its tests did: a build, a crash, a command that is not there.
 */
const [countsFolder, summariesFolder, exitCode] = process.argv.slice(2);

function readAll(folder) {
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return files.map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')));
}

const counts = readAll(countsFolder);
const sum = (key) => counts.reduce((total, each) => total + each[key], 0);
const withFailedTests = new Set(counts.filter(({ failed }) => failed > 0).map((each) => each.package));
const tasks = readAll(summariesFolder).flatMap((summary) => summary.tasks);
const failedTasks = tasks.filter(({ execution }) => (execution?.exitCode ?? 0) !== 0);
const unexplained = failedTasks.filter(
  ({ task, package: name }) => !(task.startsWith('test') && withFailedTests.has(name)),
);
let failed = sum('failed') + unexplained.length;
if (exitCode !== '0' && failed === 0) failed = 1;
console.log(sum('passed'), failed, sum('skipped'));
