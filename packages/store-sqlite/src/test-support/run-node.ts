import { spawn } from 'node:child_process';
import { join } from 'node:path';

/** The built package, for child processes. */
export const BUILT = join(__dirname, '../../dist/index.cjs');

/** Where child processes look packages up, as a path that `require` can take. */
export const PACKAGE = join(__dirname, '../..');

/** What a child process said and how it ended. */
export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Run a script (CommonJS, with `argv` in `process.argv` from 1) in a process of its own. */
export async function runNode(script: string, argv: readonly string[] = [], cwd?: string): Promise<Ended> {
  // pnpm's launchers put NODE_PATH there, which would find every package of the workspace.
  const env = { ...process.env };
  delete env.NODE_PATH;
  const child = spawn(process.execPath, ['-e', script, ...argv], {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended: Ended = { code: null, stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => (ended.stdout += String(chunk)));
  child.stderr.on('data', (chunk) => (ended.stderr += String(chunk)));
  ended.code = await new Promise((resolve) => child.on('close', resolve));
  return ended;
}
