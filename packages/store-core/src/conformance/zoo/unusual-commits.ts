import type { CommitOptions, CommitResult, Loaded, Store, VersionedStore, Write } from '../../store';
import { StoreError } from '../../store-error';
import { turn } from '../turns';
import { ReferenceStore, type ZooWrite } from './reference-store';
import type { ReferenceWorld } from './reference-world';

/** Of several stale writes it names the last. */
class LastConflictStore extends ReferenceStore {
  protected override commitNow(writes: readonly ZooWrite[], eventId: string | undefined): CommitResult {
    const known = this.duplicate(writes, eventId);
    if (known !== undefined) return known;
    for (const [index, write] of [...writes.entries()].reverse()) this.compare(write, index);
    return super.commitNow(writes, eventId);
  }
}

/** Makes one commit at a time, for all handles, each of which takes some turns. */
class OneCommitAtATimeStore extends ReferenceStore {
  protected override async write(
    writes: readonly ZooWrite[],
    eventId: string | undefined,
  ): Promise<CommitResult> {
    const before = this.world.scratch.get('last commit') as Promise<unknown> | undefined;
    const committing = this.#after(before, () => super.write(writes, eventId));
    const settled = committing.catch(() => undefined);
    this.world.scratch.set('last commit', settled);
    return committing;
  }
  async #after<T>(before: Promise<unknown> | undefined, work: () => Promise<T>): Promise<T> {
    await before;
    await turn();
    return work();
  }
}

class WithoutIdempotencyStore extends ReferenceStore {
  override readonly capabilities = Object.freeze({
    atomic: 'multi',
    idempotency: false,
    watch: 'process',
    durability: 'fsync',
  } as const);
  /** Absent, since no event is recorded. */
  override readonly findEvent = undefined as never;
}

/** Holds event ids of 1,024 well-formed characters without NUL. */
class ShortEventsStore extends ReferenceStore {
  override async commit(writes: readonly Write[], options?: CommitOptions): Promise<CommitResult> {
    const { eventId } = options ?? {};
    if (typeof eventId === 'string' && (eventId.length > 1_024 || /\0|\p{Cs}/u.test(eventId)))
      throw new StoreError('STORE_INVALID_ARGUMENT', 'This event id cannot be kept.');
    return super.commit(writes, options);
  }
}

/** Knows an event in whatever order its writes come, and answers in that order. */
class AnyOrderStore extends ReferenceStore {
  protected override duplicate(
    writes: readonly ZooWrite[],
    eventId: string | undefined,
  ): CommitResult | undefined {
    const event = this.world.events.get(eventId ?? '');
    const keys = writes.map(({ type, id }) => this.rowKey(type, id));
    if (event?.keys.length !== keys.length || !keys.every((key) => event.keys.includes(key)))
      return super.duplicate(writes, eventId);
    return { status: 'duplicate', revs: keys.map((key) => event.revs[event.keys.indexOf(key)] ?? 0) };
  }
}

/** Tells of a commit again when it comes a second time. */
class RepeatingDuplicateStore extends ReferenceStore {
  protected override duplicate(
    writes: readonly ZooWrite[],
    eventId: string | undefined,
  ): CommitResult | undefined {
    const duplicate = super.duplicate(writes, eventId);
    if (duplicate === undefined) return undefined;
    for (const { type, id } of writes) {
      const { rev, text } = this.row(type, id) ?? { rev: 0, text: null };
      // What it is now, not what the repeated call says.
      if (rev > 0) for (const tell of this.world.listeners) tell({ type, id, rev, removed: text === null });
    }
    return duplicate;
  }
}

/** Has what every versioned store must have, and nothing that is optional. */
class LeastStore implements VersionedStore {
  readonly capabilities = Object.freeze({
    atomic: 'instance',
    idempotency: false,
    watch: 'none',
    durability: 'fsync',
  } as const);
  readonly #inner: ReferenceStore;

  constructor(world: ReferenceWorld) {
    this.#inner = new WithoutIdempotencyStore(world);
  }
  async load(type: string, id: string): Promise<unknown> {
    return this.#inner.load(type, id);
  }
  async loadVersioned(type: string, id: string): Promise<Loaded | null> {
    return this.#inner.loadVersioned(type, id);
  }
  async persist(type: string, id: string, diff: Record<string, unknown>, full: unknown): Promise<void> {
    return this.#inner.persist(type, id, diff, full);
  }
  async commit(writes: readonly Write[], options?: CommitOptions): Promise<CommitResult> {
    const isOfSeveral = Array.isArray(writes) && writes.length > 1;
    const names = isOfSeveral ? new Set(writes.map(({ type, id }) => JSON.stringify([type, id]))) : undefined;
    // The same instance twice is for the guard to refuse.
    if (names?.size === writes.length)
      throw new StoreError('STORE_UNSUPPORTED', 'This store writes one instance at a time.');
    return this.#inner.commit(writes, options);
  }
  close(): Promise<void> {
    return this.#inner.close();
  }
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** Right stores whose commits and events are not like those of others. */
export const unusualCommits: readonly (readonly [string, new (world: ReferenceWorld) => Store])[] = [
  ['names the last of several conflicts', LastConflictStore],
  ['makes one commit at a time', OneCommitAtATimeStore],
  ['has no idempotency', WithoutIdempotencyStore],
  ['refuses long event ids', ShortEventsStore],
  ['knows an event in any order', AnyOrderStore],
  ['tells the newest again when a commit is a duplicate', RepeatingDuplicateStore],
  ["has nothing optional, and atomic: 'instance'", LeastStore],
];
