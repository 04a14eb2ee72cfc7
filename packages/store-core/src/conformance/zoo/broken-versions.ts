import type { CommitOptions, CommitResult, Loaded, Write } from '../../store';
import { StoreError } from '../../store-error';
import { turn } from '../turns';
import { ReferenceStore, type ZooWrite } from './reference-store';
import type { ReferenceRow } from './reference-world';
import { broken, type BrokenStore } from './zoo-target';

/** Takes an own property for one that is given, whatever it holds. */
class OwnPropertiesStore extends ReferenceStore {
  override commit(writes: readonly Write[], options?: CommitOptions): Promise<CommitResult> {
    const strict = (write: Write): Write =>
      Object.hasOwn(Object(write) as object, 'ifRev') && write.ifRev === undefined && write.full !== null
        ? { ...write, ifRev: 0 }
        : write;
    return super.commit(Array.isArray(writes) ? writes.map(strict) : writes, options);
  }
}

/** Makes the commits of one turn in one transaction, which fails as a whole. */
class BatchingStore extends ReferenceStore {
  #batch: { error?: unknown; size: number } | undefined;
  protected override async write(
    writes: readonly ZooWrite[],
    eventId: string | undefined,
  ): Promise<CommitResult> {
    this.#batch ??= { size: 0 };
    const batch = this.#batch;
    batch.size++;
    await turn();
    this.#batch = undefined;
    try {
      if (this.duplicate(writes, eventId) === undefined)
        for (const [index, write] of writes.entries()) this.compare(write, index);
    } catch (error) {
      batch.error = error;
    }
    await turn();
    if (batch.error !== undefined && batch.size > 1) throw batch.error;
    return super.write(writes, eventId);
  }
}

/** Shows the ids of a commit one by one. */
class IndexedLaterStore extends ReferenceStore {
  protected override async write(
    writes: readonly ZooWrite[],
    eventId: string | undefined,
  ): Promise<CommitResult> {
    const keys = writes.map(({ type, id }) => this.rowKey(type, id));
    const fresh = writes.length < 2 ? [] : keys.filter((key) => !this.world.rows.has(key));
    for (const key of fresh) this.world.scratch.set(key, 'hidden');
    try {
      return await super.write(writes, eventId);
    } finally {
      for (const key of fresh) {
        await turn();
        this.world.scratch.delete(key);
      }
    }
  }
  protected override isListed(row: ReferenceRow): boolean {
    return super.isListed(row) && !this.world.scratch.has(this.rowKey(row.type, row.id));
  }
}

/** Equal objects of different instances are one. */
class FlyweightStore extends ReferenceStore {
  readonly #known = new Map<string, { key: string; value: object }>();
  protected override async readLoaded(type: string, id: string): Promise<Loaded | null> {
    const loaded = await super.readLoaded(type, id);
    const key = this.rowKey(type, id);
    for (const [name, value] of Object.entries(loaded?.state ?? {})) {
      if (loaded === null || typeof value !== 'object' || value === null || name === '__proto__') continue;
      const known = this.#known.get(JSON.stringify(value)) ?? { key, value };
      this.#known.set(JSON.stringify(value), known);
      if (known.key !== key) loaded.state[name] = known.value as never;
    }
    return loaded;
  }
}

/** Freezes what it loads. */
class FreezingStore extends ReferenceStore {
  protected override async readLoaded(type: string, id: string): Promise<Loaded | null> {
    const loaded = await super.readLoaded(type, id);
    if (loaded !== null) Object.freeze(loaded.state);
    return loaded;
  }
}

/** Sorts the writes that it was given, against deadlocks. */
class SortingStore extends ReferenceStore {
  override async commit(writes: readonly Write[], options?: CommitOptions): Promise<CommitResult> {
    const committing = super.commit(writes, options);
    if (Array.isArray(writes) && !Object.isFrozen(writes))
      (writes as Write[]).sort((a, b) => (String(a?.id) < String(b?.id) ? -1 : 1));
    return committing;
  }
}

/** Broken in what is kept beside states, in what is done to arguments, and in what one commit does to others. */
export const brokenVersions: readonly BrokenStore[] = [
  broken('A4', 'equal objects of two instances are one', FlyweightStore),
  broken('A3', 'freezes what it loads', FreezingStore),
  broken('A7', 'sorts the writes', SortingStore),
  broken('R2', 'an ifRev that is undefined is 0', OwnPropertiesStore),
  broken(
    'R2',
    'an ifRev of remove that is undefined is 0',
    class extends ReferenceStore {
      override remove(type: string, id: string, options?: { ifRev?: number }): Promise<boolean> {
        const isThere = options !== undefined && 'ifRev' in options && options.ifRev === undefined;
        return super.remove(type, id, isThere ? { ifRev: 0 } : options);
      }
    },
  ),
  broken('R4', 'a conflict refuses the commits of its turn', BatchingStore),
  broken(
    'R6',
    'is busy for good after ten conflicts',
    class extends ReferenceStore {
      #conflicts = 0;
      protected override compare(write: ZooWrite, index: number): void {
        if (this.#conflicts >= 10) throw new StoreError('STORE_BUSY', 'No connection is free.');
        this.#conflicts++;
        super.compare(write, index);
        this.#conflicts--;
      }
    },
  ),
  broken(
    'R8',
    'has another epoch when it was empty',
    class extends ReferenceStore {
      protected override put(write: ZooWrite): number {
        const rev = super.put(write);
        const isEmpty = [...this.world.rows.values()].every(({ text }) => text === null);
        if (isEmpty) this.world.epoch = crypto.randomUUID();
        return rev;
      }
    },
  ),
  broken(
    'R11',
    'compares revs as text',
    class extends ReferenceStore {
      protected override put(write: ZooWrite): number {
        const before = this.row(write.type, write.id)?.rev ?? 0;
        const rev = super.put(write);
        if (rev < 1_000 || String(rev) > String(before)) return rev;
        const key = this.rowKey(write.type, write.id);
        this.world.rows.set(key, { ...this.world.rows.get(key)!, rev: before });
        return before;
      }
    },
  ),
  broken('M4', 'lists the ids of a commit one by one', IndexedLaterStore),
  broken(
    'M7',
    'names the instances of a commit by joined text',
    class extends ReferenceStore {
      override async commit(writes: readonly Write[], options?: CommitOptions): Promise<CommitResult> {
        const names = new Set(Array.isArray(writes) ? writes.map((each) => `${each?.type}:${each?.id}`) : []);
        if (Array.isArray(writes) && names.size < writes.length)
          throw new StoreError('STORE_INVALID_ARGUMENT', 'One instance twice.');
        return super.commit(writes, options);
      }
    },
  ),
];
