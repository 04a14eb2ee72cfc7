import type { JsonObject } from './json-value';

/**
 * The whole of what a store must be. Anything with these two methods is a store, and two methods
 * are always enough to run an app.
 *
 * Identity: `type` is a non-empty string, `id` any string (also `""`), both well-formed Unicode and
 * compared exactly: nothing is trimmed, folded, joined or normalised. What a backend cannot hold is
 * refused, never rewritten: names with control characters or line ends, and those of more than 255 bytes of
 * UTF-8, can be refused, with `STORE_INVALID_KEY` and by every method alike. Every other name is held.
 *
 * Both methods always answer with a promise: what is wrong rejects it, nothing is thrown. Calls made on
 * one handle without awaiting, loads included, take effect in call order for each instance.
 */
export interface Store {
  /**
   * The last state persisted for an instance.
   *
   * @returns the state, which belongs to the caller (two loads share nothing), with
   *   `JSON.stringify(state)` exactly that of what was persisted, key order included; `null` when
   *   the instance was never persisted or was removed. A row that cannot be read rejects: `null`
   *   would make the engine mount over it.
   */
  // The documented contract says `any`: a handler's state has the type that the handler gives it.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  load(type: string, id: string): Promise<any | null>;

  /**
   * Keep `full` as the state of an instance. The arguments are captured when the call is made and
   * never changed; when the promise resolves, the state is as durable as the store promises.
   *
   * @param diff a hint: the changed top-level properties with their new values, a removed property
   *   as an own key whose value is `undefined`. A store may use it to do less work, only where the
   *   result is the same as writing `full`. Neither validated nor kept; `null` is tolerated.
   * @param full the truth: a JSON object. Written also when `diff` is empty. What JSON would change
   *   or lose is refused, and the earlier state stays.
   */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  persist(type: string, id: string, diff: Record<string, unknown>, full: any): Promise<void>;
}

/**
 * A state with its version.
 *
 * @typeParam State what the caller knows of the state: nothing of it is checked.
 */
export interface Loaded<State = JsonObject> {
  /** The state; it belongs to the caller. */
  state: State;
  /**
   * A whole number ≥ 1 per instance. Each commit that writes the instance adds exactly one; changes
   * made behind the store's back add at least one. No rev of an instance is ever used twice, also
   * not after its removal.
   */
  rev: number;
  /**
   * An opaque string per database, made when it is created and renewed in every copy. Only revs of
   * one epoch can be compared: `(epoch, rev)` tells a client whether it may resume.
   */
  epoch: string;
}

/** One instance to write in a commit. */
export interface Write {
  type: string;
  id: string;
  /** As in {@link Store.persist}: a hint, neither validated nor kept. */
  diff: Record<string, unknown>;
  /**
   * The new state, a JSON object as in {@link Store.persist}: what is none is refused by the call. `null`
   * removes the instance (removing what is absent writes nothing).
   */
  full: object | null;
  /**
   * The rev that the instance must have for the commit to be made: `0` = must not exist, absent =
   * whatever it is.
   */
  ifRev?: number | undefined;
}

/** Options of {@link VersionedStore.commit}. */
export interface CommitOptions {
  /**
   * Any non-empty string that names this commit. Committed once: a second commit with the same id
   * changes nothing and answers with the first one's revs. Needs the capability `idempotency`.
   */
  eventId?: string | undefined;
}

/** What became of a commit: these two properties, so that results can be compared. */
export interface CommitResult {
  /** `'duplicate'`: this `eventId` was committed before; nothing was written now. */
  status: 'committed' | 'duplicate';
  /** The revs taken, in the order of the writes; 0 for the removal of what was absent. */
  revs: number[];
}

/** Tells that an instance changed. Not what it is now: load it. */
export interface Hint {
  type: string;
  id: string;
  /** The newest rev at the time of the hint. */
  rev: number;
  /** Whether the instance is gone at that rev. */
  removed: boolean;
}

/** One statement of a plan, as the database would get it. */
export interface PlannedStatement {
  sql: string;
  params: readonly unknown[];
}

/**
 * What a versioned store can do. Frozen data, the same from the first moment to the last: callers choose
 * by it, never by the class.
 */
export interface StoreCapabilities {
  /** Whether one commit may hold writes of several instances, or of one only. */
  readonly atomic: 'instance' | 'multi';
  /** Whether `eventId` is recorded, in the same transaction as the state. */
  readonly idempotency: boolean;
  /** How far hints travel: nowhere, within the process, the machine, or all machines. */
  readonly watch: 'none' | 'process' | 'host' | 'cluster';
  /**
   * What is promised of an acknowledged write: `none` nothing beyond the process; `relaxed` it
   * survives the process, a power cut may take the last ones; `fsync` it is on disk; `quorum` it is
   * on the disks of several machines.
   */
  readonly durability: 'none' | 'relaxed' | 'fsync' | 'quorum';
}

/** Options of {@link VersionedStore.remove}. */
export interface RemoveOptions {
  /** The rev that the instance must have to be removed; absent = whatever it is. */
  ifRev?: number | undefined;
}

/** Options of {@link VersionedStore.list} and {@link VersionedStore.types}. */
export interface ListOptions {
  /** Only entries after this one (exclusive), whether or not it is one of them. Well-formed Unicode, as ids are. */
  after?: string | undefined;
  /**
   * At most this many entries: 1–10,000, 1,000 when absent. A page has as many as there are, up to the
   * limit: a shorter one is the last.
   */
  limit?: number | undefined;
}

/**
 * What a store may be on top. A store is versioned if and only if it has `capabilities`. An optional
 * method that a store does not offer is absent, never a stub.
 *
 * Every rejection is a {@link StoreError}; told apart by its `code`. While another handle writes, a call
 * may be refused with `STORE_BUSY`: nothing was written, and it can be made again. The order of calls holds for all
 * methods.
 */
export interface VersionedStore extends Store {
  readonly capabilities: StoreCapabilities;

  /**
   * {@link Store.load} with the version; `null` when absent. The state has the type that the caller
   * gives it, as that of `load`: `const loaded: Loaded<List> | null = await store.loadVersioned(…)`.
   */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  loadVersioned(type: string, id: string): Promise<Loaded<any> | null>;

  /**
   * Make all writes, or none.
   *
   * @param writes each instance at most once; `[]` is committed and gives `[]`.
   * @throws StoreError `STORE_INVALID_ARGUMENT` when a write or the options have a property that is
   *   none: a misspelt `ifRev` would overwrite blindly. `STORE_CONFLICT` with `expected`, `actual` and the `index` of the write when
   *   an `ifRev` does not match: nothing is written, and an `eventId` is not used up.
   */
  commit(writes: readonly Write[], options?: CommitOptions): Promise<CommitResult>;

  /**
   * Let work in flight settle, then give up what the store opened itself; a handle that the caller
   * passed in stays open. Idempotent: a second call waits for the same. Every later call of another
   * method rejects with `STORE_CLOSED`.
   */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;

  /**
   * Remove one instance.
   *
   * @returns whether there was one. With an `ifRev` that does not match: `STORE_CONFLICT`.
   */
  remove?(type: string, id: string, options?: RemoveOptions): Promise<boolean>;

  /**
   * A page of the live ids of one type, in Unicode code-point order; one that is shorter than its
   * limit is the last. Sees every call made before it on the same handle, awaited or not. Instances that cannot be read are listed too: they can be removed and
   * overwritten.
   *
   * @throws StoreError `STORE_INVALID_ARGUMENT` for options that are none, or are not what they should be.
   */
  list?(type: string, options?: ListOptions): Promise<string[]>;

  /**
   * Call `listener` after every commit, own ones included, and after what others changed, as far as
   * the capability `watch` reaches. At least once; hints of one instance may merge to the newest. Each
   * listener gets hints of its own. What a
   * listener returns is not awaited, so that it may call the store, also within the hint, and finds what
   * was committed; one that throws anything, or returns a promise that rejects, harms nobody. Absent if and
   * only if the capability is `'none'`.
   *
   * @returns a function that ends the subscription; idempotent, also after `close`, which ends it, too.
   *   When either has resolved, the listener is called no more.
   */
  watch?(listener: (hint: Hint) => void): Promise<() => Promise<void>>;

  /**
   * Look up whether an event was committed, on this handle or any other: what the answer of a lost connection
   * was, or whether an event that fails now has had its effect before. Present only with the capability
   * `idempotency`; reads as fresh as a commit would decide.
   *
   * @returns the result of the first commit, with its revs in the order of its writes; `null` when there was none,
   *   or when it has been forgotten.
   * @throws StoreError `STORE_INVALID_ARGUMENT` when `eventId` is not a non-empty string.
   */
  findEvent?(eventId: string): Promise<CommitResult | null>;

  /**
   * A page of the types that have live instances, in Unicode code-point order; one that is shorter than its
   * limit is the last. `after` is the last type of the page before.
   *
   * @throws StoreError `STORE_INVALID_ARGUMENT`, as `list`.
   */
  types?(options?: ListOptions): Promise<string[]>;

  /** The statements that `commit(writes)` would run now; nothing is written. */
  plan?(writes: readonly Write[]): Promise<PlannedStatement[]>;
}
