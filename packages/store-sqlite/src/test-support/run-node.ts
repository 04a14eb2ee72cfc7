import { join } from 'node:path';
import { NodeProcess } from '@nasc/test-support';

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

/** Start a script (CommonJS, with `argv` in `process.argv` from 1) in a process of its own. */
export function startNode(script: string, argv: readonly string[] = [], cwd?: string): NodeProcess {
  // pnpm's launchers put NODE_PATH there, which would find every package of the workspace.
  const env = { ...process.env };
  delete env.NODE_PATH;
  return NodeProcess.start(['-e', script, ...argv], { cwd, env });
}

/** Run such a script to its end. */
export async function runNode(script: string, argv: readonly string[] = [], cwd?: string): Promise<Ended> {
  const { code, stdout, stderr } = await startNode(script, argv, cwd).ended;
  return { code, stdout, stderr };
}
