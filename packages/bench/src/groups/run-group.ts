import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Results } from '../results.ts';
import type { Group } from './group.ts';

const script = fileURLToPath(new URL('./group-process.ts', import.meta.url));

/** What a group measures. */
export type Measured = Pick<Results, 'cells' | 'counts' | 'growth'>;

/**
 * Run a group in a process of its own: V8 makes slower code for objects of many shapes, and what one
 * group's peers have shown it is not to count for the next.
 *
 * @param started when the run began, in milliseconds since 1970; for the progress.
 */
export async function runGroup(group: Group, quick: boolean, started: number): Promise<Measured> {
  const child = fork(script, [group.name, String(quick), String(started)], { execArgv: ['--expose-gc'] });
  let measured: Measured | undefined;
  child.on('message', (message) => (measured = message as Measured));
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
  if (measured !== undefined && code === 0) return measured;
  throw new Error(`The group ${group.name} ended with ${signal ?? `code ${code}`} before it was done.`);
}
