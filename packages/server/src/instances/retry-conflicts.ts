import { isStoreError, timers } from '@nasc/store-core';

/** How often an event runs in all while others keep changing the instance. */
export const MAX_TRIES = 10;
const FIRST_DELAY_MS = 5;
const MAX_DELAY_MS = 200;

/**
 * Run `attempt` again while it fails with `STORE_CONFLICT`, {@link MAX_TRIES} times in all, after a random
 * delay of up to 5 ms, 10 ms, … 200 ms (full jitter).
 *
 * @throws the last conflict, or immediately any other error of `attempt`.
 */
export async function retryConflicts<T>(attempt: () => Promise<T>, tries = MAX_TRIES): Promise<T> {
  for (let tried = 1; ; tried++) {
    try {
      return await attempt();
    } catch (error) {
      if (tried >= tries || !isStoreError(error, 'STORE_CONFLICT')) throw error;
      await timers.pause(Math.random() * Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** (tried - 1)));
    }
  }
}
