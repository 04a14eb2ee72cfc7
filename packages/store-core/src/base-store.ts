import { CallOrder } from './call-order';
import { checkKey, instanceKey, kindOf } from './check-key';
import { checkPage, checkPageOfType } from './check-page';
import { checkProperties } from './check-properties';
import { HintListeners } from './hint-listeners';
import { isPromise, type Awaitable } from './is-promise';
import type { JsonObject } from './json-value';
import { Lifecycle } from './lifecycle';
import type {
  CommitOptions,
  CommitResult,
  Hint,
  ListOptions,
  Loaded,
  RemoveOptions,
  StoreCapabilities,
  VersionedStore,
  Write,
} from './store';
import { isStoreError, StoreError, type StoreErrorCode } from './store-error';
import type { StatePlace } from './capture-state';

/** What the caller says about a state besides the state itself. Hints only: see {@link Write.diff}. */
export interface CaptureHint {
  /** As the caller passed it: neither checked nor captured, so it holds within `capture` only. */
  readonly diff: unknown;
}

/** A checked write, with its state as the adapter captured it. */
export interface CapturedWrite<Captured> {
  readonly type: string;
  readonly id: string;
  /** `null` removes. */
  readonly full: Captured | null;
  readonly ifRev: number | undefined;
}

/**
 * The guard that every store of ours extends. The public methods check keys and values, capture the
 * arguments when the call is made, keep the order of calls, open on the first call, and turn
 * whatever goes wrong into a {@link StoreError}. An adapter implements the protected hooks, which get
 * valid input only. (The division is that of abstract-level: public `get`, private `_get`.)
 *
 * Optional methods of the contract exist only where the adapter declares them, each in a line that
 * calls its guarded counterpart:
 *
 * | the adapter declares | and calls |
 * | --- | --- |
 * | `remove(type, id, options)` | {@link BaseStore.removeInstance} |
 * | `list(type, options)` | {@link BaseStore.listIds} |
 * | `types(options)` | {@link BaseStore.listTypes} |
 * | `watch(listener)` | {@link BaseStore.subscribe} |
 * | `findEvent(eventId)` | {@link BaseStore.lookUpEvent} |
 * | `plan(writes)` | {@link BaseStore.captureWrites}, {@link BaseStore.guarded} |
 *
 * @typeParam Captured what {@link BaseStore.capture} makes of a state, for example its JSON text.
 */
export abstract class BaseStore<Captured> implements VersionedStore {
  abstract readonly capabilities: StoreCapabilities;

  readonly #order = new CallOrder();
  readonly #listeners = new HintListeners();
  readonly #watchOrder = new CallOrder();
  readonly #lifecycle = new Lifecycle({
    open: () => this.#open(),
    shutdown: () => this.shutdown(),
    close: () => this.#close(),
    failed: (error, place) => this.#toStoreError(error, place),
  });
  #isWatching = false;

  // Hooks ------------------------------------------------------------------------------------------

  /**
   * Whether the adapter itself applies calls in the order in which its hooks are called. When false,
   * a hook is called only when the earlier ones of the same instance have settled.
   */
  protected readonly keepsCallOrder: boolean = false;

  /** Check a state and take what the adapter needs of it, now; see `captureState`. */
  protected abstract capture(full: unknown, place: StatePlace, hint: CaptureHint): Captured;

  /** Open the storage. Called by the first call; again by a later one if it failed. */
  protected open(): Awaitable<void> {}

  /** The state of an instance, or `null`. */
  protected readState(type: string, id: string): Awaitable<JsonObject | null> {
    const loaded = this.readLoaded(type, id);
    return isPromise(loaded) ? loaded.then(stateOf) : stateOf(loaded);
  }

  /** The state of an instance with its version, or `null`. */
  protected abstract readLoaded(type: string, id: string): Awaitable<Loaded | null>;

  /**
   * Make all writes or none: {@link decideCommit} and {@link makeCommit} inside one transaction, where the
   * storage has those, and {@link BaseStore.emit} when the commit is durable. With `atomic: 'instance'`
   * there is one write at most.
   */
  protected abstract write(
    writes: readonly CapturedWrite<Captured>[],
    eventId: string | undefined,
  ): Awaitable<CommitResult>;

  /** Called when the first listener comes (`true`) and when the last has gone (`false`). */
  protected watching(_active: boolean): Awaitable<void> {}

  /** Give up what `open` took. Called once, when nothing is in flight. */
  protected abstract shutdown(): Awaitable<void>;

  /** What a native error means, or `undefined` for `STORE_IO`. */
  protected codeOf(_cause: unknown): StoreErrorCode | undefined {
    return undefined;
  }

  /** Tell the listeners of this handle. */
  protected emit(hint: Hint): void {
    this.#listeners.emit(hint);
  }

  // The contract -----------------------------------------------------------------------------------

  // The documented contract says `any`.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  async load(type: string, id: string): Promise<any | null> {
    checkKey(type, id);
    return await this.#call(type, id, () => this.readState(type, id));
  }

  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  async loadVersioned(type: string, id: string): Promise<Loaded<any> | null> {
    checkKey(type, id);
    return await this.#call(type, id, () => this.readLoaded(type, id));
  }

  async persist(
    type: string,
    id: string,
    diff: Record<string, unknown> | null,
    full: unknown,
  ): Promise<void> {
    checkKey(type, id);
    const write = { type, id, full: this.capture(full, { type, id }, { diff }), ifRev: undefined };
    await this.#call(type, id, () => this.write([write], undefined));
  }

  async commit(writes: readonly Write[], options?: CommitOptions): Promise<CommitResult> {
    checkProperties('commit', options, COMMIT_OPTIONS);
    const { eventId } = options ?? {};
    if (eventId !== undefined) this.#checkEventId(eventId);
    const captured = this.captureWrites(writes);
    const keys = captured.map(keyOf);
    if (eventId !== undefined) keys.push(eventKey(eventId));
    return await this.#enter(keys, {}, () => this.write(captured, eventId));
  }

  close(): Promise<void> {
    return this.#lifecycle.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  // For the optional methods ------------------------------------------------------------------------

  /** `remove`, as a commit that removes. */
  protected async removeInstance(type: string, id: string, options?: RemoveOptions): Promise<boolean> {
    checkProperties('remove', options, REMOVE_OPTIONS);
    const removal: Write = { type, id, diff: {}, full: null, ifRev: options?.ifRev };
    const { revs } = await this.commit([removal]);
    return revs[0] !== 0;
  }

  /**
   * `list`, in call order with the type's other calls (rule C11).
   *
   * @param read up to `limit` live ids after `after`, in code-point order.
   */
  protected async listIds(
    type: string,
    options: ListOptions | undefined,
    read: (after: string | undefined, limit: number) => Awaitable<string[]>,
  ): Promise<string[]> {
    const { after, limit } = checkPageOfType(type, options);
    return this.#enterAfter(instanceKey(type, ''), { type }, () => read(after, limit));
  }

  /**
   * `types`, in call order with everything else (rule C11).
   *
   * @param read up to `limit` types with live instances after `after`, in code-point order.
   */
  protected async listTypes(
    options: ListOptions | undefined,
    read: (after: string | undefined, limit: number) => Awaitable<string[]>,
  ): Promise<string[]> {
    const { after, limit } = checkPage('types', options);
    return this.#enterAfter('', {}, () => read(after, limit));
  }

  /**
   * `findEvent`.
   *
   * @param read the revs that the event's first commit gave; `undefined` when it is unknown.
   */
  protected async lookUpEvent(
    eventId: string,
    read: (eventId: string) => Awaitable<readonly number[] | undefined>,
  ): Promise<CommitResult | null> {
    this.#checkEventId(eventId);
    const revs = await this.#enter([eventKey(eventId)], {}, () => read(eventId));
    return revs === undefined ? null : { status: 'committed', revs: [...revs] };
  }

  /** `watch`; {@link BaseStore.watching} is told of the first listener and of the last. */
  protected async subscribe(listener: (hint: Hint) => void): Promise<() => Promise<void>> {
    if (typeof listener !== 'function') {
      throw new StoreError('STORE_INVALID_ARGUMENT', 'watch takes a function that gets each hint.');
    }
    return this.#enter([], {}, async () => {
      const remove = this.#listeners.add(listener);
      try {
        await this.#adjustWatching();
      } catch (error) {
        remove();
        throw error;
      }
      return async () => {
        if (remove()) await this.#adjustWatching();
      };
    });
  }

  /** Check and capture a commit's writes; each property of each write is read once. */
  protected captureWrites(writes: readonly Write[]): CapturedWrite<Captured>[] {
    if (!Array.isArray(writes)) {
      throw new StoreError(
        'STORE_INVALID_ARGUMENT',
        `commit takes an array of writes, not ${kindOf(writes)}.`,
      );
    }
    const captured = Array.from(writes as readonly Write[], (write, index) =>
      this.#captureWrite(write, index),
    );
    const seen = new Set<string>();
    for (const [index, write] of captured.entries()) {
      const { size } = seen.add(keyOf(write));
      if (size !== index + 1) {
        const { type, id } = write;
        const message = 'The commit writes the same instance twice; merge the two writes.';
        throw new StoreError('STORE_INVALID_ARGUMENT', message, { type, id, index });
      }
    }
    if (captured.length > 1 && this.capabilities.atomic === 'instance') {
      const message =
        "This store commits one instance at a time (capabilities.atomic is 'instance'). Commit each write by itself.";
      throw new StoreError('STORE_UNSUPPORTED', message);
    }
    return captured;
  }

  /**
   * Run work of the adapter's own under the guard: opened, not closed, errors translated.
   *
   * @param scope what it is in call order with: the instances of these writes, or everything.
   */
  protected guarded<T>(
    scope: readonly CapturedWrite<Captured>[] | 'everything',
    work: () => Awaitable<T>,
  ): Promise<T> {
    if (scope === 'everything') return this.#enterAfter('', {}, work);
    return this.#enter(scope.map(keyOf), {}, work);
  }

  /** Shut down, replace the storage, and open again: calls made before are finished, later ones wait. */
  protected reopen(work: () => Awaitable<void>): Promise<void> {
    return this.#lifecycle.reopen({}, work);
  }

  // Inner ------------------------------------------------------------------------------------------

  #captureWrite(write: Write, index: number): CapturedWrite<Captured> {
    if (typeof write !== 'object' || write === null) {
      const message = `Write ${index} must be an object { type, id, diff, full }, not ${kindOf(write)}.`;
      throw new StoreError('STORE_INVALID_ARGUMENT', message, { index });
    }
    checkProperties(`writes[${index}]`, write, WRITE_PROPERTIES, index);
    const { type, id, diff, full, ifRev } = write;
    checkKey(type, id, index);
    if (ifRev !== undefined && !(Number.isSafeInteger(ifRev) && ifRev >= 0)) {
      const message = '`ifRev` must be a whole number: a rev that was loaded, or 0 for "must not exist".';
      throw new StoreError('STORE_INVALID_ARGUMENT', message, { type, id, index });
    }
    const captured = full === null ? null : this.capture(full, { type, id, index }, { diff });
    return { type, id, full: captured, ifRev };
  }

  #checkEventId(eventId: unknown): void {
    if (!this.capabilities.idempotency) {
      const message = 'This store does not record event ids (capabilities.idempotency is false).';
      throw new StoreError('STORE_UNSUPPORTED', message);
    }
    if (typeof eventId === 'string' && eventId !== '') return;
    throw new StoreError('STORE_INVALID_ARGUMENT', '`eventId` must be a non-empty string.');
  }

  #call<T>(type: string, id: string, work: () => Awaitable<T>): Promise<T> {
    return this.#enter(this.keepsCallOrder ? [] : [instanceKey(type, id)], { type, id }, work);
  }

  #enter<T>(keys: readonly string[], place: Partial<StatePlace>, work: () => Awaitable<T>): Promise<T> {
    const isFree = this.keepsCallOrder || keys.length === 0;
    return this.#lifecycle.run(place, isFree ? work : () => this.#order.run(keys, work));
  }

  /** Enter behind every call made before on a key that begins with `prefix`. */
  #enterAfter<T>(prefix: string, place: Partial<StatePlace>, work: () => Awaitable<T>): Promise<T> {
    return this.#lifecycle.run(place, this.keepsCallOrder ? work : () => this.#order.runAfter(prefix, work));
  }

  async #open(): Promise<void> {
    await this.open();
    // Opened again by `reopen`, under listeners that stay.
    if (this.#isWatching) await this.watching(true);
  }

  async #close(): Promise<void> {
    this.#listeners.clear();
    try {
      await this.#adjustWatching();
    } finally {
      await this.shutdown();
    }
  }

  /** Start or stop watching as there are listeners: one step after the other, whoever comes between. */
  #adjustWatching(): Promise<void> {
    return this.#watchOrder.run([''], async () => {
      const wanted = this.#listeners.size > 0;
      if (wanted === this.#isWatching) return;
      await this.watching(wanted);
      this.#isWatching = wanted;
    });
  }

  #toStoreError(error: unknown, place: Partial<StatePlace>): StoreError {
    if (isStoreError(error)) return error;
    const code = this.codeOf(error) ?? 'STORE_IO';
    return new StoreError(code, MESSAGES[code] ?? 'The storage failed; see the cause.', {
      ...place,
      cause: error,
    });
  }
}

const WRITE_PROPERTIES = ['type', 'id', 'diff', 'full', 'ifRev'] satisfies (keyof Write)[];
const COMMIT_OPTIONS = ['eventId'] satisfies (keyof CommitOptions)[];
const REMOVE_OPTIONS = ['ifRev'] satisfies (keyof RemoveOptions)[];

const MESSAGES: Partial<Record<StoreErrorCode, string>> = {
  STORE_BUSY: 'Another writer held the lock for too long; try again.',
  STORE_CORRUPT: 'The storage is damaged; see the cause.',
  STORE_FULL: 'The storage is full; the earlier state is intact. Make room, then try again.',
  STORE_READONLY: 'The storage cannot be written.',
  STORE_UNAVAILABLE: 'The storage cannot be reached; nothing was sent. Try again.',
  STORE_UNCERTAIN: 'The connection was lost while committing. Ask findEvent, or load, to see whether it was.',
};

function stateOf(loaded: Loaded | null): JsonObject | null {
  return loaded?.state ?? null;
}

function keyOf({ type, id }: { type: string; id: string }): string {
  return instanceKey(type, id);
}

/** No instance key begins like this: those begin with a number. */
function eventKey(eventId: string): string {
  return `event:${eventId}`;
}
