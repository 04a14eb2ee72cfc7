import type { CommitResult } from '../../store';
import { ReferenceStore, type ZooWrite } from './reference-store';
import type { ReferenceRow, ReferenceWorld } from './reference-world';
import { broken, type BrokenStore } from './zoo-target';

type StoreClass = new (world: ReferenceWorld) => ReferenceStore;

/** What an index of ids is told of a commit: the writes that it takes in. */
type Indexed = (writes: readonly ZooWrite[], eventId: string | undefined) => readonly ZooWrite[];

/** Lists from an index of its own, beside the rows, that misses some writes. */
function indexing(indexed: Indexed): StoreClass {
  return class extends ReferenceStore {
    protected get index(): Set<string> {
      const index = (this.world.scratch.get('index') ?? new Set<string>()) as Set<string>;
      this.world.scratch.set('index', index);
      return index;
    }
    protected override remember(
      writes: readonly ZooWrite[],
      revs: readonly number[],
      eventId: string | undefined,
    ): void {
      super.remember(writes, revs, eventId);
      for (const { type, id, full } of indexed(writes, eventId)) {
        if (full === null) this.index.delete(this.rowKey(type, id));
        else this.index.add(this.rowKey(type, id));
      }
    }
    protected override isListed({ type, id }: ReferenceRow): boolean {
      return this.index.has(this.rowKey(type, id));
    }
  };
}

/** An index that is written before it is known whether the commit is made. */
function indexingEarly(isEarly: Indexed): StoreClass {
  return class extends ReferenceStore {
    protected override commitNow(writes: readonly ZooWrite[], eventId: string | undefined): CommitResult {
      const early = isEarly(writes, eventId);
      for (const { type, id, full } of early) this.world.scratch.set(this.rowKey(type, id), full !== null);
      const result = super.commitNow(writes, eventId);
      if (result.status === 'committed')
        for (const { type, id } of writes) this.world.scratch.delete(this.rowKey(type, id));
      return result;
    }
    protected override async readIds(type: string, after: string | undefined, limit: number) {
      const early = [...this.world.scratch].map(([key, isThere]) => ({
        isThere,
        names: JSON.parse(key) as [string, string],
      }));
      const of = early.filter(({ names }) => names[0] === type);
      const ids = new Set(await super.readIds(type, undefined, Infinity));
      for (const { names, isThere } of of) {
        if (isThere === true) ids.add(names[1]);
        else ids.delete(names[1]);
      }
      return this.page([...ids].sort(this.order), after, limit);
    }
  };
}

/** Keeps what it listed, per handle, until it learns of a change. */
function caching(isForgotten: (writes: readonly ZooWrite[]) => boolean): StoreClass {
  return class extends ReferenceStore {
    readonly #kept = new Map<string, readonly string[]>();
    protected override hint(writes: readonly ZooWrite[], revs: readonly number[]): void {
      if (isForgotten(writes)) for (const { type } of writes) this.#kept.delete(type);
      super.hint(writes, revs);
    }
    protected override async readIds(type: string, after: string | undefined, limit: number) {
      const kept = this.#kept.get(type) ?? (await super.readIds(type, undefined, Infinity));
      this.#kept.set(type, kept);
      return this.page(kept, after, limit);
    }
  };
}

/** Lists from a replica that is brought up to date after this many reads. */
function lagging(reads: number): StoreClass {
  return class extends ReferenceStore {
    protected override async readIds(type: string, after: string | undefined, limit: number) {
      const key = `replica of ${type}`;
      const now = await super.readIds(type, undefined, Infinity);
      const replica = (this.world.scratch.get(key) ?? { ids: now, left: reads }) as Replica;
      const { ids, left } = replica;
      this.world.scratch.set(key, left > 0 ? { ids, left: left - 1 } : { ids: now, left: reads });
      return this.page(ids, after, limit);
    }
  };
}
interface Replica {
  readonly ids: readonly string[];
  readonly left: number;
}

/** Pages are cut in another way. */
function paging(cut: (ids: readonly string[], after: string | undefined, limit: number) => string[]) {
  return class extends ReferenceStore {
    protected override page(ids: readonly string[], after: string | undefined, limit: number): string[] {
      return cut(super.page(ids, after, Infinity), after, limit);
    }
  };
}

/** A page ends when its ids take this many bytes. */
function cutByBytes(bytes: number): StoreClass {
  return paging((ids, _after, limit) => {
    let size = 0;
    return ids.slice(0, limit).filter((id) => (size += Buffer.byteLength(id)) <= bytes);
  });
}

/** Lists ids that were changed on their way. */
function renaming(rename: (ids: readonly string[]) => readonly string[]): StoreClass {
  return class extends ReferenceStore {
    protected override async readIds(type: string, after: string | undefined, limit: number) {
      return [...rename(await super.readIds(type, after, limit))];
    }
  };
}

/** Begins a page at the row of `after`. */
class CursorStore extends ReferenceStore {
  protected override page(ids: readonly string[], after: string | undefined, limit: number): string[] {
    if (after === undefined) return ids.slice(0, limit);
    return ids.slice(ids.indexOf(after) + 1, ids.indexOf(after) + 1 + limit);
  }
}

/** Cuts the page first, and takes out what was removed then. */
class LateFilterStore extends ReferenceStore {
  protected override isListed(): boolean {
    return true;
  }
  protected override async readIds(type: string, after: string | undefined, limit: number) {
    const ids = await super.readIds(type, after, limit);
    return ids.filter((id) => this.row(type, id)?.text !== null);
  }
}

/** Gives its own array each time. */
class SharingStore extends ReferenceStore {
  protected override async readIds(type: string, after: string | undefined, limit: number) {
    const ids = await super.readIds(type, after, limit);
    const key = JSON.stringify(['lists', type, after, limit, ids]);
    const kept = this.world.scratch.get(key) as string[] | undefined;
    this.world.scratch.set(key, kept ?? ids);
    return kept ?? ids;
  }
}

const hasRemoval = (writes: readonly ZooWrite[]): boolean => writes.some(({ full }) => full === null);

/** Broken in ways of E3 and E4 that other ways of writing, and larger lists, show. */
export const brokenFreshLists: readonly BrokenStore[] = [
  broken(
    'E3',
    'an index that misses ifRev 0',
    indexing((writes) => writes.filter(({ ifRev }) => ifRev !== 0)),
  ),
  broken(
    'E3',
    'an index that misses events',
    indexing((writes, event) => (event === undefined ? writes : [])),
  ),
  broken(
    'E3',
    'an index of the first write',
    indexing((writes) => writes.slice(0, 1)),
  ),
  broken(
    'E3',
    'an index of the last write',
    indexing((writes) => writes.slice(-1)),
  ),
  broken('E3', 'an index that misses removals of a commit of several', indexing((writes) => writes.filter(({ full }) => writes.length < 2 || full !== null))), // prettier-ignore
  broken('E3', 'an index that misses removals with ifRev', indexing((writes) => writes.filter(({ full, ifRev }) => full !== null || ifRev === undefined))), // prettier-ignore
  broken('E3', 'an index that misses commits which remove', indexing((writes) => (writes.length > 1 && hasRemoval(writes) ? [] : writes))), // prettier-ignore
  broken(
    'E3',
    'an index that holds what was refused',
    indexingEarly((writes) => writes),
  ),
  broken('E3', 'an index without what could not be removed', indexingEarly((writes) => writes.filter(({ full }) => full === null))), // prettier-ignore
  broken('E3', 'an index that holds duplicates', indexingEarly((writes, event) => (event === undefined ? [] : writes))), // prettier-ignore
  broken('E3', 'an index that holds commits of several which conflict', indexingEarly((writes) => (writes.length > 1 ? writes : []))), // prettier-ignore
  broken(
    'E3',
    'keeps lists when another handle writes',
    caching(() => true),
  ),
  broken(
    'E3',
    'keeps lists when something is removed',
    caching((writes) => !hasRemoval(writes)),
  ),
  broken(
    'E3',
    'keeps lists through commits of several',
    caching((writes) => writes.length < 2),
  ),
  broken('E3', 'keeps lists when something is created with ifRev 0', caching((writes) => !writes.some(({ ifRev }) => ifRev === 0))), // prettier-ignore
  broken('E3', 'lists from a replica one read behind', lagging(1)),
  broken('E3', 'lists from a replica five reads behind', lagging(5)),
  broken('E3', 'gives the same array to all', SharingStore),
  broken(
    'E3',
    'trims listed ids',
    renaming((ids) => ids.map((id) => id.trim())),
  ),
  broken('E3', 'lists ids without case once', renaming((ids) => ids.filter((id, n) => ids.findIndex((each) => each.toLowerCase() === id.toLowerCase()) === n))), // prettier-ignore
  broken(
    'E3',
    'lists no empty id',
    renaming((ids) => ids.filter((id) => id !== '')),
  ),
  broken('E4', 'pages of 64 KB', cutByBytes(65_536)),
  broken('E4', 'pages of a megabyte', cutByBytes(1_048_576)),
  broken(
    'E4',
    'pages of 5,000 at most',
    paging((ids, _after, limit) => ids.slice(0, Math.min(limit, 5_000))),
  ),
  broken(
    'E4',
    'limit 10,000 gives 9,999',
    paging((ids, _after, limit) => ids.slice(0, Math.min(limit, 9_999))),
  ),
  broken(
    'E4',
    'lists 10,000 ids of a type in all',
    class extends ReferenceStore {
      protected override page(ids: readonly string[], after: string | undefined, limit: number): string[] {
        return super.page(ids.slice(0, 10_000), after, limit);
      }
    },
  ),
  broken('E4', 'later pages have one id less', paging((ids, after, limit) => ids.slice(0, after === undefined || limit < 400 ? limit : limit - 1))), // prettier-ignore
  broken('E4', 'begins at the row of `after`', CursorStore),
  broken('E3', 'takes out what was removed after the page is cut', LateFilterStore),
];
