import { CallOrder } from './call-order';
import { checkKey, checkType, instanceKey, kindOf } from './check-key';
import { checkProperties } from './check-properties';
import { HintListeners } from './hint-listeners';
import { isPromise } from './is-promise';
import type { JsonObject } from './json-value';
import type {
  CommitOptions,
  CommitResult,
  Hint,
  ListOptions,
  Loaded,
  StoreCapabilities,
  VersionedStore,
  Write,
} from './store';
import { isStoreError, StoreError, type StoreErrorCode } from './store-error';
import type { StatePlace } from './capture-state';

/** A hook may answer at once or later. */
export type Awaitable<T> = T | Promise<T>;

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
 * @typeParam Captured what {@link BaseStore.capture} makes of a state, for example its JSON text.
 */
export abstract class BaseStore<Captured> implements VersionedStore {
  abstract readonly capabilities: StoreCapabilities;

  readonly #order = new CallOrder();
  readonly #listeners = new HintListeners();
  readonly #watchOrder = new CallOrder();
  #isWatching = false;
  #opening: Promise<void> | undefined;
  #opened = false;
  #waitingToOpen = 0;
  #inFlight = 0;
  #idle: (() => void) | undefined;
  #closing: Promise<void> | undefined;

  // Hooks ------------------------------------------------------------------------------------------

  /**
   * Whether the adapter itself applies calls in the order in which its hooks are called. When false,
   * a hook is called only when the earlier ones of the same instance have settled.
   */
  protected readonly keepsCallOrder: boolean = false;

  /** Check a state and take what the adapter needs of it, now; see `captureState`. */
  protected abstract capture(full: unknown, place: StatePlace): Captured;

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
   * Make all writes or none. The adapter decides `eventId` first, then every `ifRev`, then writes,
   * and calls {@link BaseStore.emit} when the commit is durable.
   */
  protected abstract write(
    writes: readonly CapturedWrite<Captured>[],
    eventId: string | undefined,
  ): Awaitable<CommitResult>;

  /** Up to `limit` live ids after `after`, in code-point order. */
  protected abstract readIds(type: string, after: string | undefined, limit: number): Awaitable<string[]>;

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
    _diff: Record<string, unknown> | null,
    full: unknown,
  ): Promise<void> {
    checkKey(type, id);
    const write = { type, id, full: this.capture(full, { type, id }), ifRev: undefined };
    await this.#call(type, id, () => this.write([write], undefined));
  }

  async commit(writes: readonly Write[], options?: CommitOptions): Promise<CommitResult> {
    checkProperties('commit', options, COMMIT_OPTIONS);
    const eventId = this.#checkEventId(options?.eventId);
    const captured = this.captureWrites(writes);
    return await this.#enter(captured.map(keyOf), {}, () => this.write(captured, eventId));
  }

  async remove(type: string, id: string, options?: { ifRev?: number | undefined }): Promise<boolean> {
    checkProperties('remove', options, REMOVE_OPTIONS);
    const removal: Write = { type, id, diff: {}, full: null, ifRev: options?.ifRev };
    const { revs } = await this.commit([removal]);
    return revs[0] !== 0;
  }

  async list(type: string, options?: ListOptions): Promise<string[]> {
    checkType(type);
    checkProperties('list', options, LIST_OPTIONS);
    const { after, limit = 1_000 } = options ?? {};
    if (after !== undefined && (typeof after !== 'string' || !after.isWellFormed())) {
      throw new StoreError('STORE_INVALID_ARGUMENT', '`after` must be the last id of the page before.', {
        type,
      });
    }
    if (!Number.isInteger(limit) || limit < 1 || limit > 10_000) {
      throw new StoreError('STORE_INVALID_ARGUMENT', '`limit` must be a whole number from 1 to 10,000.', {
        type,
      });
    }
    return this.#enter([], { type }, () => this.readIds(type, after, limit));
  }

  async watch(listener: (hint: Hint) => void): Promise<() => Promise<void>> {
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

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  // For adapters with a `plan` ---------------------------------------------------------------------

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
    return captured;
  }

  /** Run work of the adapter's own under the guard: opened, not closed, in order, errors translated. */
  protected guarded<T>(writes: readonly CapturedWrite<Captured>[], work: () => Awaitable<T>): Promise<T> {
    return this.#enter(writes.map(keyOf), {}, work);
  }

  // Inner ------------------------------------------------------------------------------------------

  #captureWrite(write: Write, index: number): CapturedWrite<Captured> {
    if (typeof write !== 'object' || write === null) {
      const message = `Write ${index} must be an object { type, id, diff, full }, not ${kindOf(write)}.`;
      throw new StoreError('STORE_INVALID_ARGUMENT', message, { index });
    }
    checkProperties(`writes[${index}]`, write, WRITE_PROPERTIES, index);
    const { type, id, full, ifRev } = write;
    checkKey(type, id, index);
    if (ifRev !== undefined && !(Number.isSafeInteger(ifRev) && ifRev >= 0)) {
      const message = '`ifRev` must be a whole number: a rev that was loaded, or 0 for "must not exist".';
      throw new StoreError('STORE_INVALID_ARGUMENT', message, { type, id, index });
    }
    return { type, id, full: full === null ? null : this.capture(full, { type, id, index }), ifRev };
  }

  #checkEventId(eventId: unknown): string | undefined {
    if (eventId === undefined) return undefined;
    if (!this.capabilities.idempotency) {
      const message = 'This store does not record event ids (capabilities.idempotency is false).';
      throw new StoreError('STORE_UNSUPPORTED', message);
    }
    if (typeof eventId === 'string' && eventId !== '') return eventId;
    throw new StoreError('STORE_INVALID_ARGUMENT', '`eventId` must be a non-empty string.');
  }

  #call<T>(type: string, id: string, work: () => Awaitable<T>): Promise<T> {
    return this.#enter(this.keepsCallOrder ? [] : [instanceKey(type, id)], { type, id }, work);
  }

  async #enter<T>(keys: readonly string[], place: Partial<StatePlace>, work: () => Awaitable<T>): Promise<T> {
    if (this.#closing !== undefined) {
      throw new StoreError('STORE_CLOSED', 'The store was closed; open a new one.', place);
    }
    this.#inFlight++;
    try {
      // Calls that wait for opening go on in call order, and none may overtake them.
      if (!this.#opened || this.#waitingToOpen > 0) await this.#waitForOpen();
      const result = this.keepsCallOrder || keys.length === 0 ? work() : this.#order.run(keys, work);
      // What is there at once does not wait for its turn among the promises.
      return isPromise(result) ? await result : result;
    } catch (error) {
      throw this.#toStoreError(error, place);
    } finally {
      if (--this.#inFlight === 0) this.#idle?.();
    }
  }

  async #waitForOpen(): Promise<void> {
    this.#waitingToOpen++;
    try {
      this.#opening ??= this.#open();
      await this.#opening;
    } finally {
      this.#waitingToOpen--;
    }
  }

  async #open(): Promise<void> {
    try {
      await this.open();
      this.#opened = true;
    } catch (error) {
      this.#opening = undefined;
      throw error;
    }
  }

  async #close(): Promise<void> {
    if (this.#inFlight > 0) await new Promise<void>((resolve) => (this.#idle = resolve));
    if (!this.#opened) return;
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
const REMOVE_OPTIONS = ['ifRev'];
const LIST_OPTIONS = ['after', 'limit'] satisfies (keyof ListOptions)[];

const MESSAGES: Partial<Record<StoreErrorCode, string>> = {
  STORE_BUSY: 'Another writer held the lock for too long; try again.',
  STORE_CORRUPT: 'The storage is damaged; see the cause.',
  STORE_FULL: 'The storage is full; the earlier state is intact. Make room, then try again.',
  STORE_READONLY: 'The storage cannot be written.',
  STORE_UNCERTAIN: 'The connection was lost while committing; load to see whether it was.',
};

function stateOf(loaded: Loaded | null): JsonObject | null {
  return loaded?.state ?? null;
}

function keyOf({ type, id }: { type: string; id: string }): string {
  return instanceKey(type, id);
}
