import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const running = new Set<ServerProcess>();

/** A script of this folder that serves, in a process of its own. */
export class ServerProcess {
  /** Resolves when the process has ended. */
  readonly ended: Promise<unknown>;

  private constructor(
    private readonly child: ChildProcess,
    /** `http://127.0.0.1:…` */
    readonly url: string,
  ) {
    running.add(this);
    this.ended = once(child, 'exit').then(() => running.delete(this));
  }

  /** Resolves when the script has printed its port; rejects when it has ended before. */
  static async start(script: string, ...argv: string[]): Promise<ServerProcess> {
    const child = spawn(process.execPath, [join(__dirname, script), ...argv], {
      // The script ends when its input does: it does not outlive who started it.
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const [port] = (await Promise.race([once(child.stdout, 'data'), once(child, 'exit')])) as [unknown];
    if (!Buffer.isBuffer(port)) throw new Error(`${script} ended before it served.`);
    return new ServerProcess(child, `http://127.0.0.1:${port.toString().trim()}`);
  }

  /** Kills what is still running; for `afterEach`. */
  static async killAll(): Promise<void> {
    await Promise.all([...running].map((server) => server.kill()));
  }

  /** The port it listens on. */
  get port(): string {
    return new URL(this.url).port;
  }

  /** Whether it was not seen to end. */
  get isRunning(): boolean {
    return running.has(this);
  }

  /** SIGKILL. */
  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
  }
}
