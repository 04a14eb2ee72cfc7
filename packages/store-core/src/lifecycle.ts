import type { StatePlace } from './capture-state';
import { isPromise, type Awaitable } from './is-promise';
import { StoreError } from './store-error';

/** How a store is opened and given up. */
export interface LifecycleHooks {
  /** Called by the first call; again by a later one if it failed. */
  open(): Awaitable<void>;
  /** Give up the storage, for a while. Called when nothing is under way. */
  shutdown(): Awaitable<void>;
  /** Give up everything. Called once, when nothing is in flight, if the store was ever open. */
  close(): Awaitable<void>;
  /** What a call rejects with when opening or its work has failed. */
  failed(error: unknown, place: Partial<StatePlace>): StoreError;
}

/** Opens with the first call, counts the calls in flight, and closes when they have settled. */
export class Lifecycle {
  readonly #hooks: LifecycleHooks;
  #opening: Promise<void> | undefined;
  #opened = false;
  #waitingToOpen = 0;
  /** Calls that have begun and not settled, those that wait for opening included. */
  #inFlight = 0;
  #idle: (() => void) | undefined;
  /** Those among them whose work is under way. */
  #working = 0;
  #workDone: (() => void) | undefined;
  #closing: Promise<void> | undefined;

  constructor(hooks: LifecycleHooks) {
    this.#hooks = hooks;
  }

  /**
   * Run a call, once the store is open; calls that wait for opening go on in call order.
   *
   * @param place what the call is about, for its errors.
   * @throws StoreError `STORE_CLOSED` after {@link Lifecycle.close} was called.
   */
  async run<T>(place: Partial<StatePlace>, work: () => Awaitable<T>): Promise<T> {
    this.#requireOpen(place);
    this.#inFlight++;
    try {
      // Nothing may overtake the calls that wait for opening.
      if (!this.#opened || this.#waitingToOpen > 0) await this.#waitForOpen();
      this.#working++;
      try {
        const result = work();
        // What is there at once does not wait for its turn among the promises.
        return isPromise(result) ? await result : result;
      } finally {
        if (--this.#working === 0) this.#workDone?.();
      }
    } catch (error) {
      throw this.#hooks.failed(error, place);
    } finally {
      if (--this.#inFlight === 0) this.#idle?.();
    }
  }

  /**
   * Shut down, do something to the storage, and open again. Calls made before are finished first; later ones
   * wait for it. When it fails, the next call opens the storage as it is.
   */
  async reopen(place: Partial<StatePlace>, work: () => Awaitable<void>): Promise<void> {
    this.#requireOpen(place);
    this.#inFlight++;
    try {
      const before = this.#opening;
      this.#opened = false;
      this.#opening = this.#replace(before, work);
      await this.#opening;
    } catch (error) {
      this.#opening = undefined;
      throw this.#hooks.failed(error, place);
    } finally {
      if (--this.#inFlight === 0) this.#idle?.();
    }
  }

  /** Let calls in flight settle, then shut down; a second call waits for the same. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  #requireOpen(place: Partial<StatePlace>): void {
    if (this.#closing === undefined) return;
    throw new StoreError('STORE_CLOSED', 'The store was closed; open a new one.', place);
  }

  async #replace(before: Promise<void> | undefined, work: () => Awaitable<void>): Promise<void> {
    const [opened] = await Promise.allSettled([before]);
    if (this.#working > 0) await new Promise<void>((resolve) => (this.#workDone = resolve));
    if (before !== undefined && opened.status === 'fulfilled') await this.#hooks.shutdown();
    await work();
    await this.#hooks.open();
    this.#opened = true;
  }

  async #waitForOpen(): Promise<void> {
    this.#waitingToOpen++;
    try {
      this.#opening ??= this.#open();
      await this.#opening;
    } finally {
      this.#waitingToOpen--;
    }
  }

  async #open(): Promise<void> {
    try {
      await this.#hooks.open();
      this.#opened = true;
    } catch (error) {
      this.#opening = undefined;
      throw error;
    }
  }

  async #close(): Promise<void> {
    if (this.#inFlight > 0) await new Promise<void>((resolve) => (this.#idle = resolve));
    if (this.#opened) await this.#hooks.close();
  }
}
