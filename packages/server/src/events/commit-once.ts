import { isStoreError } from '@nasc/store-core';
import { EventRefused, HandlerFailed } from '../instances/engine-error';
import type { Change, Committed, InstanceStore } from '../instances/instance-store';

/**
 * Commit what an event did, unless it was done before.
 *
 * @param key names one event of one client; see `eventKey`.
 */
export async function commitOnce(
  store: InstanceStore,
  changes: readonly Change[],
  key: string | undefined,
): Promise<Committed> {
  try {
    return await store.commit(changes, key);
  } catch (error) {
    // The key names one event of one client: with other instances than the first time it is still that
    // event, whose handler decided otherwise on the newer state.
    const again = key !== undefined && store.idempotency && isStoreError(error, 'STORE_INVALID_ARGUMENT');
    if (!again) throw error;
    return { duplicate: true, versions: [] };
  }
}

/**
 * Whether an event that failed now was done before, so that it failed on what it had made itself. The store
 * decides on the event id before the revs: it is asked for a commit that no rev allows, which is a duplicate
 * when it knows the id, and a conflict when it does not.
 *
 * @param place the event's own instance; its key is one that the store has loaded with.
 * @param key as for {@link commitOnce}.
 * @param error why the event failed; only what its handler decided may be for that.
 * @throws StoreError when the store cannot tell.
 */
export async function wasCommitted(
  store: InstanceStore,
  { type, id }: { type: string; id: string },
  key: string | undefined,
  error: unknown,
): Promise<boolean> {
  if (key === undefined || !store.idempotency || !isOfHandler(error)) return false;
  const never = { type, id, diff: {}, full: null, previous: null, ifRev: Number.MAX_SAFE_INTEGER };
  try {
    return (await commitOnce(store, [never], key)).duplicate;
  } catch (failure) {
    if (isStoreError(failure, 'STORE_CONFLICT')) return false;
    throw failure;
  }
}

function isOfHandler(error: unknown): boolean {
  return (
    error instanceof HandlerFailed ||
    error instanceof EventRefused ||
    isStoreError(error, 'STORE_INVALID_STATE') ||
    isStoreError(error, 'STORE_INVALID_KEY')
  );
}
