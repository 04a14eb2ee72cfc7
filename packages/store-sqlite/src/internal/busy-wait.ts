import { timers } from '@nasc/store-core';

/**
 * Waits between tries for a lock: jittered, growing from 1 to 20 ms, and never by blocking the event
 * loop, as SQLite's own busy timeout does.
 */
export class BusyWait {
  #tries = 0;
  readonly #deadline: number;

  /** @param limit milliseconds until {@link BusyWait.expired}. */
  constructor(limit: number) {
    this.#deadline = timers.now() + limit;
  }

  get expired(): boolean {
    return timers.now() >= this.#deadline;
  }

  async wait(): Promise<void> {
    const ceiling = Math.min(20, 2 ** this.#tries++);
    await timers.pause(1 + Math.random() * (ceiling - 1));
  }
}
