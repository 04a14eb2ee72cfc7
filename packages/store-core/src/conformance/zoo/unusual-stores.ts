import type { CommitOptions, CommitResult, Hint, ListOptions, Loaded, Store, Write } from '../../store';
import type { JsonObject } from '../../json-value';
import type { StatePlace } from '../../capture-state';
import { StoreError } from '../../store-error';
import { turn } from '../turns';
import { ReferenceStore, type ZooWrite } from './reference-store';
import type { ReferenceWorld } from './reference-world';
import { unusualCommits } from './unusual-commits';
import { unusualHints } from './unusual-hints';
import { unusualFailures } from './unusual-failures';

/** Answers a turn after it could. */
class LateStore extends ReferenceStore {
  override async load(type: string, id: string): Promise<unknown> {
    return super.load(type, id).finally(turn);
  }
  override async loadVersioned(type: string, id: string): Promise<Loaded | null> {
    return super.loadVersioned(type, id).finally(turn);
  }
  override commit(writes: readonly Write[], options?: CommitOptions): Promise<CommitResult> {
    return super.commit(writes, options).finally(turn);
  }
  override async list(type: string, options?: ListOptions): Promise<string[]> {
    return super.list(type, options).finally(turn);
  }
}

/** Does one thing after the other, whatever the instance. */
class SerialStore extends ReferenceStore {
  protected override readonly keepsCallOrder = true;
  #last: Promise<unknown> = Promise.resolve();
  #next<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => undefined);
    return done;
  }
  protected override readLoaded(type: string, id: string): Promise<Loaded | null> {
    return this.#next(() => super.readLoaded(type, id));
  }
  protected override write(writes: readonly ZooWrite[], eventId: string | undefined): Promise<CommitResult> {
    return this.#next(() => super.write(writes, eventId));
  }
  protected override readIds(type: string, after: string | undefined, limit: number): Promise<string[]> {
    return this.#next(() => super.readIds(type, after, limit));
  }
  protected override readTypes(after: string | undefined, limit: number): Promise<string[]> {
    return this.#next(() => super.readTypes(after, limit));
  }
  protected override revsOf(eventId: string): Promise<readonly number[] | undefined> {
    return this.#next(() => super.revsOf(eventId));
  }
}

/** Tells the newest of what happened in eight milliseconds. */
class MergingStore extends ReferenceStore {
  readonly #pending = new Map<string, Hint>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  protected override emit(hint: Hint): void {
    const key = this.rowKey(hint.type, hint.id);
    this.#pending.delete(key);
    this.#pending.set(key, hint);
    this.#timer ??= setTimeout(() => this.#tellAll(), 8);
  }
  #tellAll(): void {
    const hints = [...this.#pending.values()];
    this.#forget();
    for (const hint of hints) super.emit(hint);
  }
  #forget(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#pending.clear();
  }
  protected override watching(active: boolean): void {
    if (!active) this.#forget();
    super.watching(active);
  }
}

/** Tells everything twice, and the newest again to who begins to watch. */
class RepeatingStore extends ReferenceStore {
  #newest: Hint | undefined;
  protected override emit(hint: Hint): void {
    this.#newest = hint;
    super.emit(hint);
    super.emit(hint);
  }
  protected override watching(active: boolean): void {
    super.watching(active);
    const newest = this.#newest;
    if (active && newest !== undefined) setImmediate(() => super.emit(newest));
  }
}

/** Its states have no prototypes, and its other answers are frozen. */
class PlainStore extends ReferenceStore {
  protected override decode(text: string): JsonObject {
    return JSON.parse(text, (_, value: unknown) =>
      typeof value === 'object' && value !== null && !Array.isArray(value) ? withoutPrototype(value) : value,
    ) as JsonObject;
  }
  override async loadVersioned(type: string, id: string): Promise<Loaded | null> {
    return Object.freeze(await super.loadVersioned(type, id));
  }
  override async commit(writes: readonly Write[], options?: CommitOptions): Promise<CommitResult> {
    const { status, revs } = await super.commit(writes, options);
    return Object.freeze({ status, revs: Object.freeze(revs) as number[] });
  }
}

function withoutPrototype(object: object): object {
  const bare = Object.create(null) as object;
  for (const key of Object.keys(object))
    Object.defineProperty(bare, key, { ...Object.getOwnPropertyDescriptor(object, key), configurable: true });
  return bare;
}

/** Its loads wait for the lock, too. */
class LockedStore extends ReferenceStore {
  protected override async readLoaded(type: string, id: string): Promise<Loaded | null> {
    await this.world.unlocked();
    return super.readLoaded(type, id);
  }
}

/** Refuses what its backend cannot hold in a text: NUL, and half a surrogate pair. */
class WellFormedStore extends ReferenceStore {
  protected override capture(full: unknown, place: StatePlace): string {
    const text = super.capture(full, place);
    if (/\\u0000|\\ud[89a-f]/i.test(text.replaceAll('\\\\', '')))
      throw new StoreError('STORE_INVALID_STATE', 'U+0000 and lone surrogates cannot be stored.', place);
    return text;
  }
}

/** Refuses states deeper than 1,000 levels, or as long as 16 MiB. */
class BoundedStore extends ReferenceStore {
  protected override capture(full: unknown, place: StatePlace): string {
    const text = super.capture(full, place);
    if (text.length > 2 ** 24 || levels(text) > 1_000)
      throw new StoreError('STORE_INVALID_STATE', 'The state is too deep or too large.', place);
    return text;
  }
}

/** How deep a JSON text is nested. */
function levels(json: string): number {
  let [depth, deepest] = [0, 0];
  for (const bracket of json.replace(/"(?:[^"\\]|\\.)*"/g, '').replace(/[^[\]{}]/g, '')) {
    depth += bracket === '[' || bracket === '{' ? 1 : -1;
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}

/** Right stores that are not like the others: a suite that fails one of them asks for too much. */
export const unusualStores: readonly (readonly [string, new (world: ReferenceWorld) => Store])[] = [
  ['answers a turn late', LateStore],
  ['does one thing after the other', SerialStore],
  ['merges hints', MergingStore],
  ['repeats hints', RepeatingStore],
  ['gives objects without prototypes, and frozen answers', PlainStore],
  ['waits for the lock to load', LockedStore],
  ['refuses U+0000 and lone surrogates', WellFormedStore],
  ['refuses states over 1,000 levels or 16 MiB', BoundedStore],
  ...unusualCommits,
  ...unusualHints,
  ...unusualFailures,
];
