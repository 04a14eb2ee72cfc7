import { setTimeout as delay } from 'node:timers/promises';
import { isStoreError } from '@nasc/store-core';

/** How often an event is run when others keep changing the instance, the first time included. */
export const MAX_TRIES = 10;
const FIRST_DELAY_MS = 5;
const MAX_DELAY_MS = 200;

/**
 * Run `attempt` again as long as it meets `STORE_CONFLICT`, at most {@link MAX_TRIES} times, after a
 * random delay of up to 5 ms, 10 ms, … 200 ms (full jitter).
 *
 * @throws the last conflict, or at once whatever else `attempt` throws.
 */
export async function retryConflicts<T>(attempt: () => Promise<T>, tries = MAX_TRIES): Promise<T> {
  for (let tried = 1; ; tried++) {
    try {
      return await attempt();
    } catch (error) {
      if (tried >= tries || !isStoreError(error, 'STORE_CONFLICT')) throw error;
      await delay(Math.random() * Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** (tried - 1)));
    }
  }
}
