import type { Store } from '@nasc/store-core';
import { copyState } from './copy-state';

/** A store, or a `Map` (`type:id` → state) as a fake for tests. */
export type AnyStore = Store | Map<string, unknown>;

/**
 * A `Map` as a store, for tests: `type:id` → the plain state, which tests can read and set.
 *
 * States are copied on the way in and out, as in a real store. Type `a:b` with id `c` collides with type `a`
 * with id `b:c`: use `MemoryStore` where that matters.
 */
export function mapStore(map: Map<string, unknown>): Store {
  return {
    load: async (type, id) => copyState(map.get(`${type}:${id}`) ?? null),
    persist: async (type, id, _diff, full: unknown) => {
      map.set(`${type}:${id}`, copyState(full));
    },
  };
}

/**
 * The store itself, or a `Map` as a store.
 *
 * @throws TypeError when it is neither a Map nor has the two methods.
 */
export function storeOf(store: AnyStore): Store {
  if (isMap(store)) return mapStore(store);
  if (typeof store?.load === 'function' && typeof store.persist === 'function') return store;
  throw new TypeError('store must be a store, with the methods load and persist, or a Map.');
}

/** Whether a value is a Map, of any realm. */
function isMap(value: unknown): value is Map<string, unknown> {
  return Object.prototype.toString.call(value) === '[object Map]';
}
