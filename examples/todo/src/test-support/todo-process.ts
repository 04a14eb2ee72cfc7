import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const children = new Set<ChildProcess>();

const MAIN = join(__dirname, '../../dist/main.js');

/** The built app in a process of its own, as `pnpm start` runs it. */
export class TodoProcess {
  private constructor(
    readonly url: string,
    private readonly child: ChildProcess,
  ) {}

  /** Starts it; resolves when it has printed its address, rejects with what it printed when it ends before. */
  static async start(environment: Record<string, string>): Promise<TodoProcess> {
    const child = launch(environment);
    let output = '';
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    for await (const chunk of child.stdout) {
      output += String(chunk);
      const url = /http:\/\/\S+/.exec(output)?.[0];
      if (url !== undefined) {
        child.stdout.resume();
        return new TodoProcess(url, child);
      }
    }
    throw new Error(`The app ended: ${output}`);
  }

  /** Runs it to its end; for settings with which it does not start. */
  static async fail(environment: Record<string, string>): Promise<{ code: number; stderr: string }> {
    const child = launch(environment);
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    const [code] = (await once(child, 'close')) as [number];
    return { code, stderr };
  }

  /** Kills every process that was started here and is still there. */
  static async killAll(): Promise<void> {
    await Promise.all([...children].map((child) => endChild(child, 'SIGKILL')));
  }

  /** The port it listens on. */
  get port(): string {
    return new URL(this.url).port;
  }

  /** Sends a signal and waits for the end; the exit code, `null` when the signal ended it. */
  end(signal: NodeJS.Signals): Promise<number | null> {
    return endChild(this.child, signal);
  }
}

function launch(environment: Record<string, string>) {
  const child = spawn(process.execPath, [MAIN], {
    env: { ...process.env, PORT: '0', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.add(child);
  child.once('exit', () => children.delete(child));
  return child;
}

async function endChild(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const exited = once(child, 'exit') as Promise<[number | null]>;
  child.kill(signal);
  return (await exited)[0];
}
