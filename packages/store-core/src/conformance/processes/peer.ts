import type { ChildProcess } from 'node:child_process';
import type { CommitOptions, Hint, Store, VersionedStore, Write } from '../../store';
import type { World } from '../define-target';
import { describeExit, startScript } from './child-script';
import type { OpenedHandle, PeerMessage, PeerRequest } from './peer-process';

/** The other process has ended, so that nobody will answer. */
export class PeerEnded extends Error {
  override readonly name = 'PeerEnded';
}

/** Another process that has imported the target, and opens what a rule tells it to. */
export class Peer {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  readonly #listeners = new Map<number, (hint: Hint) => void>();
  #requests = 0;
  #how: string | undefined;
  /** Resolves with how it ended, once it has. */
  readonly ended: Promise<string>;

  private constructor() {
    this.#child = startScript('peer-process');
    this.#child.on('message', (message) => this.#take(message as PeerMessage));
    // A channel that breaks is told by `exit`.
    this.#child.on('error', (error) => this.#end(error.message));
    this.ended = new Promise((resolve) => {
      this.#child.once('exit', (code, signal) => {
        const how = describeExit(code, signal);
        this.#end(how);
        resolve(how);
      });
    });
  }

  /** Start a process and let it import the target. */
  static async start(module: string): Promise<Peer> {
    const peer = new Peer();
    try {
      await peer.#request({ op: 'import', module });
    } catch (error) {
      await peer.kill();
      throw error;
    }
    return peer;
  }

  /** Open a handle there, without a world on one of its own. It has the methods that the store has. */
  async open(world: World | undefined): Promise<Store & Partial<VersionedStore>> {
    const { handle, features } = (await this.#request({
      op: 'open',
      world: world && (JSON.parse(JSON.stringify(world)) as World),
    })) as OpenedHandle;
    const call = (method: string, ...args: unknown[]) => this.#request({ op: 'call', handle, method, args });
    const methods: Partial<VersionedStore> = {
      loadVersioned: (type: string, id: string) => call('loadVersioned', type, id) as never,
      commit: (writes: readonly Write[], options?: CommitOptions) => call('commit', writes, options) as never,
      remove: (...args: unknown[]) => call('remove', ...args) as never,
      list: (...args: unknown[]) => call('list', ...args) as never,
      types: (...args: unknown[]) => call('types', ...args) as never,
      findEvent: (eventId: string) => call('findEvent', eventId) as never,
      watch: (listener: (hint: Hint) => void) => this.#watch(handle, listener),
    };
    const offered = Object.entries(methods).filter(([name]) => features.methods.has(name));
    return {
      ...(Object.fromEntries(offered) as Partial<VersionedStore>),
      ...(features.capabilities === undefined ? {} : { capabilities: features.capabilities }),
      load: (type, id) => call('load', type, id),
      persist: (type, id, diff, full) => call('persist', type, id, diff, full) as Promise<void>,
      close: () => this.#request({ op: 'close', handle }) as Promise<void>,
    };
  }

  /**
   * Let it go: it may do what it likes, and should end, having nothing left to do.
   *
   * @returns how it ended, or `undefined` when it does not.
   */
  async leave(patience: number): Promise<string | undefined> {
    await this.#request({ op: 'leave' });
    const { promise: late, resolve } = Promise.withResolvers<undefined>();
    const timer = setTimeout(() => resolve(undefined), patience);
    const how = await Promise.race([this.ended, late]);
    clearTimeout(timer);
    return how;
  }

  /** End it as a power cut would, at once. */
  async kill(): Promise<void> {
    if (this.#how === undefined) this.#child.kill('SIGKILL');
    await this.ended;
  }

  async #watch(handle: number, listener: (hint: Hint) => void): Promise<() => Promise<void>> {
    const watch = this.#requests;
    this.#listeners.set(watch, listener);
    await this.#request({ op: 'watch', handle });
    return async () => {
      await this.#request({ op: 'unwatch', watch });
    };
  }

  #request(request: PeerRequest): Promise<unknown> {
    const n = this.#requests++;
    if (this.#how !== undefined) return Promise.reject(this.#error());
    return new Promise((resolve, reject) => {
      this.#waiting.set(n, { resolve, reject });
      this.#child.send({ n, request }, (error) => {
        if (error) this.#end(error.message);
      });
    });
  }

  #take(message: PeerMessage): void {
    if ('hint' in message) return this.#listeners.get(message.n)?.(message.hint);
    const waiting = this.#waiting.get(message.n);
    this.#waiting.delete(message.n);
    if ('result' in message) waiting?.resolve(message.result);
    else waiting?.reject(Object.assign(new Error(), message.error));
  }

  #end(how: string): void {
    this.#how ??= how;
    for (const { reject } of this.#waiting.values()) reject(this.#error());
    this.#waiting.clear();
  }

  #error(): PeerEnded {
    return new PeerEnded(`the other process has ended (${this.#how})`);
  }
}
