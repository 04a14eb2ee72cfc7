import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';

/**
 * Start one of the suite's own scripts in a process of its own, with a channel for messages. What it
 * prints goes to this process's stderr: stdout may be a report.
 *
 * @param name of the built script; it lies beside the bundle that this is in.
 */
export function startScript(name: 'peer-process' | 'rule-process'): ChildProcess {
  return fork(join(__dirname, `${name}.js`), {
    // Values such as `undefined` must come through.
    serialization: 'advanced',
    stdio: ['ignore', 2, 2, 'ipc'],
    // Two processes cannot listen on one debugger's port.
    execArgv: process.execArgv.filter((arg) => !arg.startsWith('--inspect')),
  });
}

/** How a process ended, for a person. */
export function describeExit(code: number | null, signal: NodeJS.Signals | null): string {
  return signal === null ? `exit code ${code}` : signal;
}
