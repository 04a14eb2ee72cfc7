/**
 * `instances/`: how the engine sees stores and states: one interface for both kinds of store, copies, turns,
 * retries, and what everything above shares: the engine's errors and the logger. Not here: what handlers,
 * viewers or requests make of a state; nothing here imports another room.
 */
import type { Hint, JsonObject, Loaded, Store, VersionedStore } from '@nasc/store-core';
import { isJsonObject, isStoreError, StoreError } from '@nasc/store-core';
import { HandlerMistake, StoreFailed } from './engine-error';

/** The version of an instance. */
export interface Version {
  /** Revs can be compared only within one epoch. */
  epoch: string;
  /** Grows with each commit of the instance. */
  rev: number;
}

/** A state with its version; the state belongs to the caller. */
export interface Snapshot {
  /** The whole state. */
  state: JsonObject;
  /** The version of `state`. */
  version: Version;
}

/** One instance to write. */
export interface Change {
  /** Type of the instance. */
  type: string;
  /** Its id. */
  id: string;
  /** The changed properties. */
  diff: Record<string, unknown>;
  /** The next state; `null` removes. */
  full: JsonObject | null;
  /** The state before; `null` if there was none. */
  previous: JsonObject | null;
  /** The rev it must have: `0` = must not exist, absent = any. Two-method stores ignore it. */
  ifRev?: number | undefined;
}

/** What became of a commit. */
export interface Committed {
  /** Whether the event id was committed before, so that nothing was written. */
  duplicate: boolean;
  /** The new versions, in the order of the changes. */
  versions: Version[];
}

/** What the engine needs from a store of either kind. */
export interface InstanceStore {
  /** The current state; `null` if there is no such instance. */
  load(type: string, id: string): Promise<Snapshot | null>;
  /** All changes or none. */
  commit(changes: readonly Change[], eventId?: string): Promise<Committed>;
  /** Whether an event was committed. Always false where event ids are not recorded. */
  wasCommitted(eventId: string): Promise<boolean>;
  /** Whether event ids are recorded with the state. */
  readonly idempotency: boolean;
  /** Whether the store refuses a commit on an outdated state. */
  readonly supportsConditionalWrites: boolean;
  /** Get a hint for each commit, by other processes too. Absent if the store cannot tell. */
  watch?(listener: (hint: Hint) => void): Promise<() => Promise<void>>;
}

/** The engine's view of a store: versioned if and only if it has `capabilities`. */
export function instanceStore(store: Store): InstanceStore {
  return isVersioned(store) ? new VersionedInstances(store) : new PlainInstances(store);
}

/** Whether a store has more than the two methods. */
export function isVersioned(store: Store): store is VersionedStore {
  return 'capabilities' in store && isJsonObject(store.capabilities);
}

class VersionedInstances implements InstanceStore {
  readonly supportsConditionalWrites = true;
  readonly idempotency: boolean;
  readonly watch?: (listener: (hint: Hint) => void) => Promise<() => Promise<void>>;
  readonly #store: VersionedStore;
  #epoch: string | undefined;

  constructor(store: VersionedStore) {
    this.#store = store;
    this.idempotency = store.capabilities.idempotency;
    if (store.watch !== undefined && store.capabilities.watch !== 'none')
      this.watch = store.watch.bind(store);
  }

  async load(type: string, id: string): Promise<Snapshot | null> {
    const loaded = await fromStore(() => this.#store.loadVersioned(type, id));
    return loaded && this.#snapshot(loaded);
  }

  async commit(changes: readonly Change[], eventId?: string): Promise<Committed> {
    if (changes.length > 1 && this.#store.capabilities.atomic !== 'multi')
      throw new HandlerMistake(ONE_INSTANCE);
    const writes = changes.map(({ type, id, diff, full, ifRev }) => ({ type, id, diff, full, ifRev }));
    const options = eventId === undefined || !this.idempotency ? undefined : { eventId };
    const { status, revs } = await fromStore(() => this.#store.commit(writes, options));
    const epoch = this.#epoch ?? (await this.#learnEpoch(changes));
    return { duplicate: status === 'duplicate', versions: revs.map((rev) => ({ epoch, rev })) };
  }

  async wasCommitted(eventId: string): Promise<boolean> {
    if (!this.idempotency) return false;
    const { findEvent } = this.#store;
    if (findEvent === undefined) return this.#knowsEvent(eventId);
    return (await fromStore(() => findEvent.call(this.#store, eventId))) !== null;
  }

  /**
   * Ask a store without `findEvent`: it decides on the event id before the revs, so a commit that no rev
   * allows conflicts only when the id is new.
   */
  async #knowsEvent(eventId: string): Promise<boolean> {
    const never = { type: 'Nasc', id: '', diff: {}, full: null, ifRev: Number.MAX_SAFE_INTEGER };
    try {
      await fromStore(() => this.#store.commit([never], { eventId }));
    } catch (error) {
      if (isStoreError(error, 'STORE_CONFLICT')) return false;
      // It was committed with other instances than this one.
      if (!isStoreError(error, 'STORE_INVALID_ARGUMENT')) throw error;
    }
    return true;
  }

  /** Only a first commit that creates needs this: every load tells the epoch. */
  async #learnEpoch(changes: readonly Change[]): Promise<string> {
    const [first] = changes;
    const loaded = first && (await this.load(first.type, first.id));
    return loaded?.version.epoch ?? '';
  }

  #snapshot({ state, rev, epoch }: Loaded): Snapshot {
    this.#epoch = epoch;
    return { state, version: { epoch, rev } };
  }
}

/** A store of two methods: revs exist in this process only, and no two loads have the same. */
class PlainInstances implements InstanceStore {
  readonly supportsConditionalWrites = false;
  readonly idempotency = false;
  readonly #store: Store;
  readonly #epoch = crypto.randomUUID();
  #rev = 0;

  constructor(store: Store) {
    this.#store = store;
  }

  async load(type: string, id: string): Promise<Snapshot | null> {
    const state: unknown = await fromStore(() => this.#store.load(type, id));
    if (state === null || state === undefined) return null;
    if (!isJsonObject(state))
      throw new StoreError('STORE_CORRUPT', 'The stored state is not an object.', { type, id });
    return { state: state as JsonObject, version: this.#next() };
  }

  async commit(changes: readonly Change[]): Promise<Committed> {
    const [change] = changes;
    if (change === undefined) return { duplicate: false, versions: [] };
    const { type, id, diff, full } = change;
    if (changes.length > 1 || full === null) throw new HandlerMistake(ONE_INSTANCE);
    await fromStore(() => this.#store.persist(type, id, diff, full));
    return { duplicate: false, versions: [this.#next()] };
  }

  async wasCommitted(): Promise<boolean> {
    return false;
  }

  #next(): Version {
    return { epoch: this.#epoch, rev: ++this.#rev };
  }
}

const ONE_INSTANCE =
  'This store can neither write several instances at once nor remove any, as the event would. Nothing was saved.';

/** Makes every error of a store a StoreError or a StoreFailed, and a synchronous throw a rejection. */
async function fromStore<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (isStoreError(error)) throw error;
    throw new StoreFailed('The store failed. See the server log.', { cause: error });
  }
}
