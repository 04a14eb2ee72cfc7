import { join } from 'node:path';
import { NodeProcess } from '@nasc/test-support';

/** A script of this folder that serves, in a process of its own. */
export class ServerProcess {
  private constructor(
    private readonly process: NodeProcess,
    /** `http://127.0.0.1:…` */
    readonly url: string,
  ) {}

  /** Resolves when the script has printed its port; rejects when it has ended before. */
  static async start(script: string, ...argv: string[]): Promise<ServerProcess> {
    // The script ends when its input does: it does not outlive who started it.
    const process = NodeProcess.start([join(__dirname, script), ...argv]);
    return new ServerProcess(process, `http://127.0.0.1:${await process.line(/^\d+$/)}`);
  }

  /** Kills what is still running; for `afterEach`. */
  static killAll(): Promise<void> {
    return NodeProcess.killAll();
  }

  /** Resolves when the process has ended. */
  get ended(): Promise<unknown> {
    return this.process.ended;
  }

  /** The port it listens on. */
  get port(): string {
    return new URL(this.url).port;
  }

  /** SIGKILL. */
  async kill(): Promise<void> {
    await this.process.kill();
  }
}
