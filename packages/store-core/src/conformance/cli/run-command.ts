import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatReport } from '../format-report';
import { moduleUrl } from '../processes/module-url';
import { runInChildren } from '../processes/run-in-children';
import type { ConformanceReport, Level } from '../report';
import { exitCodeOf, type ExitCode } from './exit-code';
import { parseArguments, type Command } from './parse-arguments';
import { Progress, type ProgressStream } from './progress';

/** Where the command writes. */
export interface CommandStreams {
  readonly stdout: ProgressStream;
  readonly stderr: ProgressStream;
}

const HELP = `Usage: nasc-conformance <file> [options]

Tests a store against the contract of the Nasc stores. <file> is a JavaScript or TypeScript module
whose default export is a target: export default defineTarget({ name, createWorld, open, … }).

  --only <ids>      rules and groups, for example C6,K
  --level <level>   run what a level takes, and fail unless it is reached: core, versioned,
                    transactional, queryable, durable, efficient
  --seed <n>        what chance starts from (default 1); the same seed gives the same verdict
  --timeout <ms>    how long no call may settle before the store is taken to hang (default 10000)
  --json <file>     write the report as JSON; - writes it to stdout and the rest to stderr
  --help, --version

Exit codes: 0 conformant, 1 failed, 2 the target or the arguments cannot be used, 3 inconclusive.
`;

/** Do what the command line says. Never throws for what the user or the target does. */
export async function runCommand(
  argv: readonly string[],
  { stdout, stderr }: CommandStreams,
): Promise<ExitCode> {
  try {
    const command = parseArguments(argv);
    if (command.kind === 'run') return await run(command, { stdout, stderr });
    stdout.write(command.kind === 'help' ? HELP : `${version()}\n`);
    return 0;
  } catch (error) {
    const { name, message, stack } = error as Error;
    const isExplained = name === 'UsageError' || name === 'UnusableTarget';
    stderr.write(`nasc-conformance: ${isExplained ? message : stack}\n`);
    if (name === 'UsageError') stderr.write('See nasc-conformance --help.\n');
    return 2;
  }
}

async function run(
  { file, rules, seed, timeout, json, level }: Extract<Command, { kind: 'run' }>,
  { stdout, stderr }: CommandStreams,
): Promise<ExitCode> {
  const progress = new Progress(stderr, rules);
  let report: ConformanceReport;
  try {
    report = await runInChildren(moduleUrl(file), rules, {
      seed,
      timeout,
      onStart: (rule) => progress.started(rule),
      onResult: (result) => progress.ended(result),
    });
  } finally {
    progress.clear();
  }
  const text = `${formatReport(report, `npx nasc-conformance ${quoted(file)}`)}\n`;
  (json === '-' ? stderr : stdout).write(text);
  const asJson = `${JSON.stringify(report, null, 2)}\n`;
  if (json === '-') stdout.write(asJson);
  else if (json !== undefined) writeFileSync(json, asJson);
  if (level !== undefined) (json === '-' ? stderr : stdout).write(levelLine(report, level));
  return exitCodeOf(report, level);
}

function levelLine({ levels, target }: ConformanceReport, level: Level): string {
  if (levels[level] === 'pass') return `${target} reaches ${level}.\n`;
  return `${target} does not reach ${level} (${levels[level]}).\n`;
}

/** As a shell takes it. */
function quoted(file: string): string {
  return /^[\w./:@-]+$/.test(file) ? file : `'${file.replaceAll("'", "'\\''")}'`;
}

function version(): string {
  const manifest = JSON.parse(readFileSync(join(__dirname, '../package.json'), 'utf8')) as {
    version: string;
  };
  return manifest.version;
}
