import { join } from 'node:path';
import { NodeProcess } from '@nasc/test-support';

const MAIN = join(__dirname, '../../dist/main.js');

/** The built app in a process of its own, as `pnpm start` runs it. */
export class TodoProcess {
  private constructor(
    readonly url: string,
    private readonly process: NodeProcess,
  ) {}

  /** Starts it; resolves when it has printed its address, rejects with what it printed when it ends before. */
  static async start(environment: Record<string, string>): Promise<TodoProcess> {
    const process = launch(environment);
    const url = await process.until((lines) => /http:\/\/\S+/.exec(lines.join('\n'))?.[0]);
    return new TodoProcess(url, process);
  }

  /** Runs it to its end; for settings with which it does not start. */
  static async fail(environment: Record<string, string>): Promise<{ code: number | null; stderr: string }> {
    const { code, stderr } = await launch(environment).ended;
    return { code, stderr };
  }

  /** Kills every process that was started here and is still there. */
  static killAll(): Promise<void> {
    return NodeProcess.killAll();
  }

  /** The port it listens on. */
  get port(): string {
    return new URL(this.url).port;
  }

  /** Sends a signal and waits for the end; the exit code, `null` when the signal ended it. */
  async end(signal: NodeJS.Signals): Promise<number | null> {
    return (await this.process.kill(signal)).code;
  }
}

function launch(environment: Record<string, string>): NodeProcess {
  return NodeProcess.start([MAIN], { env: { ...process.env, PORT: '0', ...environment } });
}
