import { setTimeout as delay } from 'node:timers/promises';

/**
 * Waits between tries for a lock: jittered, growing from 1 to 20 ms, and never by blocking the event
 * loop, as SQLite's own busy timeout does.
 */
export class BusyWait {
  #tries = 0;
  readonly #deadline: number;

  /** @param limit milliseconds until {@link BusyWait.expired}. */
  constructor(limit: number) {
    this.#deadline = performance.now() + limit;
  }

  get expired(): boolean {
    return performance.now() >= this.#deadline;
  }

  async wait(): Promise<void> {
    const ceiling = Math.min(20, 2 ** this.#tries++);
    await delay(1 + Math.random() * (ceiling - 1));
  }
}
