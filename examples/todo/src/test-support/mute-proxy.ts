import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

const open = new Set<MuteProxy>();

/** Stands between pages and a server, and can keep the server's answers to itself. */
export class MuteProxy {
  /** Whether what the server says is thrown away. */
  isMute = false;
  readonly #sockets = new Set<Socket>();
  readonly #server: Server;

  private constructor(port: number) {
    this.#server = createServer((page) => {
      const server = connect(port, '127.0.0.1');
      page.pipe(server);
      server.on('data', (chunk) => this.isMute || page.write(chunk));
      for (const [socket, other] of [
        [page, server],
        [server, page],
      ] as const) {
        this.#sockets.add(socket);
        // A killed server resets its connections; the page's end is closed with it.
        socket.on('error', () => other.destroy());
        socket.on('close', () => {
          this.#sockets.delete(socket);
          other.destroy();
        });
      }
    });
  }

  /** @param port of the server, which need not be there. */
  static async start(port: string): Promise<MuteProxy> {
    const proxy = new MuteProxy(Number(port));
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    open.add(proxy);
    return proxy;
  }

  /** Ends all of them; for `afterEach`. */
  static async closeAll(): Promise<void> {
    await Promise.all([...open].map((proxy) => proxy.#close()));
    open.clear();
  }

  /** The address for pages. */
  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async #close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }
}
