import { StoreError, type JsonObject, type Loaded } from '@nasc/store-core';
import type { Row } from './rows-of-commit.ts';

/**
 * What `load` answers with for a row.
 *
 * @throws StoreError `STORE_CORRUPT`, with the rev so that the row can be repaired: null would say
 *   that there is nothing, and the app would write a new state over what may be mended.
 */
export function loadedFromRow(row: Row | undefined, epoch: string): Loaded | null {
  if (row === undefined || row.state === null) return null;
  const { type, id, rev, state } = row;
  try {
    const parsed: unknown = JSON.parse(state);
    if (typeof parsed !== 'object' || parsed === null) throw new TypeError('It is no object.');
    return { state: parsed as JsonObject, rev, epoch };
  } catch (cause) {
    const message = 'The stored state is no JSON object; see the cause.';
    throw new StoreError('STORE_CORRUPT', message, { type, id, rev, cause });
  }
}
