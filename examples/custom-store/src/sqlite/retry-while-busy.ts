import type { Awaitable } from '@nasc/store-core';
import { setTimeout as delay } from 'node:timers/promises';
import { sqliteErrorCode } from './sqlite-error-code.ts';

/** How long to wait for another writer, in milliseconds. */
const PATIENCE = 5_000;

/**
 * Do something again and again until no other connection holds the lock.
 *
 * SQLite can wait by itself (the `timeout` of better-sqlite3), and must not here: it would stop the
 * event loop, and the transaction that it waits for may be that of another handle in this process,
 * which needs the event loop to come to its end.
 */
export async function retryWhileBusy<T>(work: () => Awaitable<T>): Promise<T> {
  const deadline = performance.now() + PATIENCE;
  for (let pause = 1; ; pause = Math.min(2 * pause, 20)) {
    try {
      return await work();
    } catch (error) {
      if (sqliteErrorCode(error) !== 'STORE_BUSY' || performance.now() > deadline) throw error;
    }
    // At random, or two that met once would go on meeting.
    await delay(1 + Math.random() * pause);
  }
}
