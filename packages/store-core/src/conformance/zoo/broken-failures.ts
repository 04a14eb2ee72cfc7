import type { CommitResult, ListOptions, Loaded, RemoveOptions } from '../../store';
import { StoreError } from '../../store-error';
import { turn } from '../turns';
import { ReferenceStore, type ZooWrite } from './reference-store';
import type { ReferenceRow, ReferenceWorld } from './reference-world';
import { broken, type BrokenStore } from './zoo-target';

type StoreClass = new (world: ReferenceWorld) => ReferenceStore;

/** What a store that does something about a write that failed has at hand. */
interface Failed {
  readonly writes: readonly ZooWrite[];
  readonly eventId: string | undefined;
  readonly error: unknown;
  readonly store: FailingStore;
}

/** Does something before each write, and when one fails. */
abstract class FailingStore extends ReferenceStore {
  readonly storage = this.world;
  key(write: { type: string; id: string }): string {
    return this.rowKey(write.type, write.id);
  }
  rowOf({ type, id }: ZooWrite): ReferenceRow | undefined {
    return this.row(type, id);
  }
  keep(write: ZooWrite): number {
    return this.put(write);
  }
  note(writes: readonly ZooWrite[], revs: readonly number[], eventId: string | undefined): void {
    this.remember(writes, revs, eventId);
  }
  announce(writes: readonly ZooWrite[], revs: readonly number[]): void {
    this.hint(writes, revs);
  }
  later(writes: readonly ZooWrite[], eventId: string | undefined): void {
    super.commitNow(writes, eventId);
  }
  protected abstract onFailure(failed: Failed): CommitResult | void;
  protected override commitNow(writes: readonly ZooWrite[], eventId: string | undefined): CommitResult {
    try {
      return super.commitNow(writes, eventId);
    } catch (error) {
      if (error instanceof StoreError && error.code === 'STORE_CONFLICT') throw error;
      const answer = this.onFailure({ writes, eventId, error, store: this });
      if (answer !== undefined) return answer;
      throw error;
    }
  }
}

/** A store that does this when a write fails. */
function failing(onFailure: (failed: Failed) => CommitResult | void): StoreClass {
  return class extends FailingStore {
    protected override onFailure(failed: Failed): CommitResult | void {
      return onFailure(failed);
    }
  };
}

/** Which reads are answered from the cache. */
interface Cached {
  readonly reads?: readonly ('load' | 'loadVersioned' | 'list')[];
  readonly keeps?: (write: ZooWrite) => boolean;
}

/** A cache for reads that is filled before the write is made, and not emptied when it fails. */
function eager({ reads = ['load', 'loadVersioned', 'list'], keeps = () => true }: Cached): StoreClass {
  return class extends FailingStore {
    readonly #cache = new Map<string, ReferenceRow>();
    protected override onFailure({ writes }: Failed): void {
      for (const write of writes.filter(keeps)) {
        const { type, id, full } = write;
        const rev = (this.row(type, id)?.rev ?? 0) + 1;
        this.#cache.set(this.key(write), { type, id, text: full, rev });
      }
    }
    protected override put(write: ZooWrite): number {
      this.#cache.delete(this.key(write));
      return super.put(write);
    }
    #loaded(type: string, id: string): Loaded | null | undefined {
      const row = this.#cache.get(this.rowKey(type, id));
      if (row === undefined) return undefined;
      return row.text === null ? null : { state: this.read(row), rev: row.rev, epoch: this.world.epoch };
    }
    override async load(type: string, id: string): Promise<unknown> {
      const found = reads.includes('load') ? this.#loaded(type, id) : undefined;
      return found === undefined ? super.load(type, id) : (found?.state ?? null);
    }
    override async loadVersioned(type: string, id: string): Promise<Loaded | null> {
      const found = reads.includes('loadVersioned') ? this.#loaded(type, id) : undefined;
      return found === undefined ? super.loadVersioned(type, id) : found;
    }
    override async list(type: string, options?: ListOptions): Promise<string[]> {
      const ids = new Set(await super.list(type, options));
      if (!reads.includes('list')) return [...ids];
      for (const { type: of, id, text } of this.#cache.values()) {
        if (of !== type) continue;
        if (text === null) ids.delete(id);
        else ids.add(id);
      }
      return [...ids].sort();
    }
  };
}

/** Where a read fails, what this handle has read before is the answer. */
function stale(reads: readonly ('load' | 'loadVersioned')[]): StoreClass {
  return class extends ReferenceStore {
    readonly #known = new Map<string, Loaded | null>();
    override async load(type: string, id: string): Promise<unknown> {
      return reads.includes('load') ? ((await this.#read(type, id))?.state ?? null) : super.load(type, id);
    }
    override async loadVersioned(type: string, id: string): Promise<Loaded | null> {
      return reads.includes('loadVersioned') ? this.#read(type, id) : super.loadVersioned(type, id);
    }
    async #read(type: string, id: string): Promise<Loaded | null> {
      const key = this.rowKey(type, id);
      try {
        const loaded = await super.loadVersioned(type, id);
        this.#known.set(key, structuredClone(loaded));
        return loaded;
      } catch (error) {
        if (!(error as StoreError).code.endsWith('_IO') || !this.#known.has(key)) throw error;
        return structuredClone(this.#known.get(key) ?? null);
      }
    }
  };
}

const isRemoval = ({ full }: ZooWrite): boolean => full === null;

/** More broken in ways of group F: what a write that failed leaves behind. */
export const brokenFailures: readonly BrokenStore[] = [
  broken('F4', 'fills its cache before the write succeeds', eager({})),
  broken('F4', 'fills the cache of load before the write succeeds', eager({ reads: ['load'] })),
  broken('F4', 'fills the cache of versions before the write succeeds', eager({ reads: ['loadVersioned'] })),
  broken('F4', 'fills the cache of lists before the write succeeds', eager({ reads: ['list'] })),
  broken('F4', 'removes from its cache before the write succeeds', eager({ keeps: isRemoval })),
  broken(
    'F4',
    'fills its cache before a conditional write succeeds',
    eager({ keeps: ({ ifRev }) => ifRev !== undefined }),
  ),
  broken(
    'F4',
    'uses an event up though its write failed',
    failing(({ store, writes, eventId }) => store.note(writes, [1], eventId)),
  ),
  broken(
    'F4',
    'takes a rev for a write that failed',
    failing(({ store, writes }) => {
      for (const write of writes) {
        const row = store.rowOf(write);
        if (row !== undefined) store.storage.rows.set(store.key(write), { ...row, rev: row.rev + 1 });
      }
    }),
  ),
  broken(
    'F4',
    'counts a creation that failed',
    failing(({ store, writes }) => {
      for (const write of writes) {
        const { type, id } = write;
        if (store.rowOf(write) === undefined)
          store.storage.rows.set(store.key(write), { type, id, text: null, rev: 1 });
      }
    }),
  ),
  broken(
    'F4',
    'sends hints for a write that failed',
    failing(({ store, writes }) => store.announce(writes, [2, 2, 2])),
  ),
  broken(
    'F4',
    'sends hints for a removal that failed',
    failing(({ store, writes }) => {
      if (writes.every(isRemoval)) store.announce(writes, [2]);
    }),
  ),
  broken(
    'F4',
    'tells a conflict where the write failed',
    failing(({ writes: [write] }) => {
      if (write?.ifRev === undefined) return;
      const { type, id, ifRev: expected } = write;
      throw new StoreError('STORE_CONFLICT', 'No row.', {
        type,
        id,
        index: 0,
        expected,
        actual: expected + 1,
      });
    }),
  ),
  broken(
    'F4',
    'tells invalid input where the write failed',
    failing(({ error: cause }) => {
      throw new StoreError('STORE_INVALID_STATE', 'It cannot be written.', { cause });
    }),
  ),
  broken(
    'F4',
    'keeps half of a commit that failed',
    failing(({ store, writes }) => {
      if (writes.length > 1) store.keep(writes[0] as ZooWrite);
    }),
  ),
  broken(
    'F4',
    'keeps the removals of a commit that failed',
    failing(({ store, writes }) => {
      for (const write of writes.filter(isRemoval)) store.keep(write);
    }),
  ),
  broken(
    'F4',
    'keeps what an event wrote that failed',
    failing(({ store, writes, eventId }) => {
      if (eventId !== undefined) for (const write of writes) store.keep(write);
    }),
  ),
  broken(
    'F4',
    'tells a removal that failed as false',
    class extends ReferenceStore {
      override async remove(type: string, id: string, options?: RemoveOptions): Promise<boolean> {
        return super.remove(type, id, options).catch((error: unknown) => {
          if ((error as StoreError).code !== 'STORE_IO') throw error;
          return false;
        });
      }
    },
  ),
  broken('F5', 'gives what it has read before where a read fails', stale(['load', 'loadVersioned'])),
  broken('F5', 'gives an old state where a load fails', stale(['load'])),
  broken('F5', 'gives an old version where a read fails', stale(['loadVersioned'])),
  broken(
    'F9',
    'does not wait when it is disposed of',
    class extends ReferenceStore {
      protected override latency(): Promise<void> {
        return turn();
      }
      override [Symbol.asyncDispose](): Promise<void> {
        void this.close();
        return Promise.resolve();
      }
    },
  ),
  broken(
    'F9',
    'does not close when it is disposed of',
    class extends ReferenceStore {
      override [Symbol.asyncDispose](): Promise<void> {
        return Promise.resolve();
      }
    },
  ),
];
