import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { ConformanceReport } from '../../report';

/** The built command. */
const BIN = join(__dirname, '../../../../dist/nasc-conformance.js');

/** What the command said, and how it ended. */
export interface BinRun {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Run the built command in a process of its own. */
export async function runBin(...argv: readonly string[]): Promise<BinRun> {
  const child = spawn(process.execPath, [BIN, ...argv], { stdio: ['ignore', 'pipe', 'pipe'] });
  const run: BinRun = { code: null, stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => (run.stdout += String(chunk)));
  child.stderr.on('data', (chunk) => (run.stderr += String(chunk)));
  run.code = await new Promise((resolve) => child.on('close', resolve));
  return run;
}

/** The report of a run with `--json -`. */
export function reportOf({ stdout, stderr }: BinRun): ConformanceReport {
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as ConformanceReport;
}
