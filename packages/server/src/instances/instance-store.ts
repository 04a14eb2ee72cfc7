import type { Hint, JsonObject, Loaded, Store, VersionedStore } from '@nasc/store-core';
import { StoreError, isStoreError } from '@nasc/store-core';
import { HandlerMistake, StoreFailed } from './engine-error';

/** Where an instance stands: comparable within one epoch only. */
export interface Version {
  epoch: string;
  rev: number;
}

/** A state with its version; the state belongs to the caller. */
export interface Snapshot {
  state: JsonObject;
  version: Version;
}

/** One instance to write. */
export interface Change {
  type: string;
  id: string;
  diff: Record<string, unknown>;
  /** `null` removes. */
  full: JsonObject | null;
  /** The state that `diff` is against; `null` when there was none. */
  previous: JsonObject | null;
  /** The rev it must have, `0` = must not exist, absent = whatever. Two-method stores cannot tell. */
  ifRev?: number | undefined;
}

/** What became of a commit. */
export interface Committed {
  /** The event id was committed before; nothing was written. */
  duplicate: boolean;
  /** In the order of the changes. */
  versions: Version[];
}

/** What the engine needs of a store, whichever kind it is. */
export interface InstanceStore {
  /** `null` when absent. */
  load(type: string, id: string): Promise<Snapshot | null>;
  /** All changes or none. */
  commit(changes: readonly Change[], eventId?: string): Promise<Committed>;
  /** Whether event ids are recorded with the state. */
  readonly idempotency: boolean;
  /** Whether a commit on an outdated state is refused. */
  readonly checksRevs: boolean;
  watch?(listener: (hint: Hint) => void): Promise<() => Promise<void>>;
}

/** The engine's view of a store: versioned if and only if it has `capabilities`. */
export function instanceStore(store: Store): InstanceStore {
  return isVersioned(store) ? new VersionedInstances(store) : new PlainInstances(store);
}

/** Whether a store has more than the two methods. */
export function isVersioned(store: Store): store is VersionedStore {
  return 'capabilities' in store && typeof store.capabilities === 'object' && store.capabilities !== null;
}

class VersionedInstances implements InstanceStore {
  readonly checksRevs = true;
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

/** Two methods: revs live in this process, and no two loads have the same. */
class PlainInstances implements InstanceStore {
  readonly checksRevs = false;
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
    if (typeof state !== 'object' || Array.isArray(state)) {
      throw new StoreError('STORE_CORRUPT', 'The stored state is no object.', { type, id });
    }
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

  #next(): Version {
    return { epoch: this.#epoch, rev: ++this.#rev };
  }
}

const ONE_INSTANCE =
  'This store writes one instance at a time and removes none; the event changed more, and nothing was written.';

/** A store's error is a StoreError, or else known to be the store's; a synchronous throw is a rejection. */
async function fromStore<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (isStoreError(error)) throw error;
    throw new StoreFailed('The store failed; the server has logged why.', { cause: error });
  }
}
