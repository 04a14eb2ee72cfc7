import { ServerProcess } from './server-process';

/** A server that is started again, on the same port, each time it has ended. */
export class LastingServer {
  #isStopped = false;
  #running: Promise<ServerProcess>;

  /** @param file of the counters. */
  constructor(private readonly file: string) {
    this.#running = this.#start('0');
  }

  /** Its address, when it runs. */
  async url(): Promise<string> {
    return (await this.#running).url;
  }

  /** SIGKILL, whatever it is doing. */
  async kill(): Promise<void> {
    await (await this.#running).kill();
  }

  /** Kill it for good. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.kill();
  }

  async #start(port: string): Promise<ServerProcess> {
    const server = await ServerProcess.start('counter-server.ts', this.file, port, 'mortal');
    void server.ended.then(() => {
      if (!this.#isStopped) this.#running = this.#start(server.port);
    });
    return server;
  }
}
