import { isStoreError } from '@nasc/store-core';
import { EventRefused, HandlerFailed } from '../instances/engine-error';
import type { Change, Committed, InstanceStore } from '../instances/instance-store';

/**
 * Commit what an event did, unless it was committed before.
 *
 * @param key identifies one event of one client; see `eventKey`.
 */
export async function commitOnce(
  store: InstanceStore,
  changes: readonly Change[],
  key: string | undefined,
): Promise<Committed> {
  try {
    return await store.commit(changes, key);
  } catch (error) {
    // The key was committed with other instances. It is still the same event: on the newer state, its handler
    // just decided otherwise.
    const isRepeated =
      key !== undefined && store.idempotency && isStoreError(error, 'STORE_INVALID_ARGUMENT');
    if (!isRepeated) throw error;
    return { duplicate: true, versions: [] };
  }
}

/**
 * Whether an event that failed was committed before, so that it failed on its own result.
 *
 * @param key as for {@link commitOnce}.
 * @param error why the event failed; only a handler's decision can have this reason.
 * @throws StoreError when the store cannot tell.
 */
export async function wasCommitted(
  store: InstanceStore,
  key: string | undefined,
  error: unknown,
): Promise<boolean> {
  if (key === undefined || !isHandlerError(error)) return false;
  return store.wasCommitted(key);
}

function isHandlerError(error: unknown): boolean {
  return (
    error instanceof HandlerFailed ||
    error instanceof EventRefused ||
    isStoreError(error, 'STORE_INVALID_STATE') ||
    isStoreError(error, 'STORE_INVALID_KEY')
  );
}
