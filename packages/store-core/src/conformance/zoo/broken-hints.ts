import type { Hint } from '../../store';
import { ReferenceStore, type ZooWrite } from './reference-store';
import type { ReferenceWorld } from './reference-world';
import { broken, type BrokenStore } from './zoo-target';

type StoreClass = new (world: ReferenceWorld) => ReferenceStore;
type Hinting = (writes: readonly ZooWrite[], revs: readonly number[]) => readonly [readonly ZooWrite[], readonly number[]]; // prettier-ignore

/** Its hints go through a message, and come out like this. */
function carrying(through: (hint: Hint) => Hint | undefined): StoreClass {
  return class extends ReferenceStore {
    protected override emit(hint: Hint): void {
      const arrived = through(hint);
      if (arrived !== undefined) super.emit(arrived);
    }
  };
}

/** A message of texts with a separator between. */
function joining(separator: string): StoreClass {
  return carrying(({ type, id, rev, removed }) => {
    const [first = '', second = '', third = '0'] = [type, id, rev].join(separator).split(separator);
    return { type: first, id: second, rev: Number(third), removed };
  });
}

/** Hints of a commit, or fewer, or others. */
function hinting(change: Hinting): StoreClass {
  return class extends ReferenceStore {
    protected override hint(writes: readonly ZooWrite[], revs: readonly number[]): void {
      super.hint(...change(writes, revs));
    }
  };
}

/** Its hints are about what is newer than what it has told of. */
class GreatestRevStore extends ReferenceStore {
  #greatest = 0;
  protected override emit(hint: Hint): void {
    if (hint.rev < this.#greatest) return;
    this.#greatest = hint.rev;
    super.emit(hint);
  }
}

/** Polls by time stamps: of what comes within a tick it sees the first. */
class ClockStore extends ReferenceStore {
  #isTold = false;
  protected override emit(hint: Hint): void {
    if (this.#isTold) return;
    this.#isTold = true;
    setImmediate(() => (this.#isTold = false));
    super.emit(hint);
  }
}

/** Polls the number of live instances. */
class CountingStore extends ReferenceStore {
  #live = 0;
  protected override hint(writes: readonly ZooWrite[], revs: readonly number[]): void {
    const live = [...this.world.rows.values()].filter(({ text }) => text !== null).length;
    const isSeen = live !== this.#live || writes.length === 1;
    this.#live = live;
    if (isSeen) super.hint(writes, revs);
  }
}

/** All listeners share one object. */
class SharedHintStore extends ReferenceStore {
  readonly #bare = new Set<(hint: Hint) => void>();
  override async watch(listener: (hint: Hint) => void): Promise<() => Promise<void>> {
    if (typeof listener !== 'function') return super.watch(listener);
    const end = await super.watch(() => undefined);
    const each = (hint: Hint): void => listener(hint);
    this.#bare.add(each);
    return async () => {
      this.#bare.delete(each);
      await end();
    };
  }
  protected override emit(hint: Hint): void {
    const shared = { ...hint };
    for (const listener of [...this.#bare].reverse()) {
      try {
        Promise.resolve(listener(shared)).catch(() => undefined);
      } catch {
        // The next one has its turn.
      }
    }
  }
}

/** What is told while one begins to watch is lost to all. */
class JoiningStore extends ReferenceStore {
  #watchers = 0;
  override async watch(listener: (hint: Hint) => void): Promise<() => Promise<void>> {
    const end = await super.watch(listener);
    this.#watchers++;
    return async () => {
      this.#watchers--;
      await end();
    };
  }
  protected override emit(hint: Hint): void {
    if (this.#watchers !== 3) super.emit(hint);
  }
}

const removes = ({ full }: ZooWrite): boolean => full === null;

/** Broken in ways of E6 and E7 that names, bursts and commits of several show. */
export const brokenHints: readonly BrokenStore[] = [
  ...[':', ' ', '/', '|', ',', '#', '\n', '.'].map((separator) =>
    broken('E6', `hints are joined with ${JSON.stringify(separator)}`, joining(separator)),
  ),
  broken('E6', 'hints have ids of digits as numbers', carrying((hint) => ({ ...hint, id: (/^\d+$/.test(hint.id) ? Number(hint.id) : hint.id) as string }))), // prettier-ignore
  broken(
    'E6',
    'hints have ids that were parsed as JSON',
    carrying((hint) => ({ ...hint, id: parsed(hint.id) })),
  ),
  broken('E6', 'hints are in latin1', carrying((hint) => ({ ...hint, id: Buffer.from(hint.id, 'latin1').toString('latin1') }))), // prettier-ignore
  broken('E6', 'hints have types in latin1', carrying((hint) => ({ ...hint, type: Buffer.from(hint.type, 'latin1').toString('latin1') }))), // prettier-ignore
  broken(
    'E6',
    'hints are percent-decoded',
    carrying((hint) => ({ ...hint, id: decoded(hint.id) })),
  ),
  broken(
    'E6',
    'hints have trimmed ids',
    carrying((hint) => ({ ...hint, id: hint.id.trim() })),
  ),
  broken(
    'E6',
    'hints have normalised ids',
    carrying((hint) => ({ ...hint, id: hint.id.normalize() })),
  ),
  broken('E6', 'hints have types in lower case, but for the first letter', carrying((hint) => ({ ...hint, type: hint.type.slice(0, 1) + hint.type.slice(1).toLowerCase() }))), // prettier-ignore
  broken(
    'E6',
    'no hints of empty ids',
    carrying((hint) => (hint.id === '' ? undefined : hint)),
  ),
  broken('E6', 'hints have the id of another instance', carrying((hint) => ({ ...hint, id: hint.id === 'm1' ? 'm3' : hint.id }))), // prettier-ignore
  broken('E6', 'no hints of removals in commits of several', hinting((writes, revs) => [writes, revs.map((rev, n) => (writes.length > 1 && writes[n]?.full === null ? 0 : rev))])), // prettier-ignore
  broken('E6', 'the removals of a commit have rev 1', hinting((writes, revs) => [writes, revs.map((rev, n) => (writes.length > 2 && writes[n]?.full === null ? 1 : rev))])), // prettier-ignore
  broken('E6', 'a commit that removes is told as removals', hinting((writes, revs) => [writes.some(removes) ? writes.map((write) => ({ ...write, full: null })) : writes, revs])), // prettier-ignore
  broken('E6', 'all hints of a commit have its first rev', hinting((writes, revs) => [writes, revs.map(() => revs[0] ?? 0)])), // prettier-ignore
  broken('E6', 'hints for the first eight writes of a commit', hinting((writes, revs) => [writes.slice(0, 8), revs.slice(0, 8)])), // prettier-ignore
  broken(
    'E6',
    'the revs of a commit are told in reverse',
    hinting((writes, revs) => [writes, revs.toReversed()]),
  ),
  broken('E6', 'polls by the greatest rev', GreatestRevStore),
  broken('E6', 'polls by a clock', ClockStore),
  broken('E6', 'polls by a count', CountingStore),
  broken('E6', 'shares the hint between listeners', SharedHintStore),
  broken('E6', 'is deaf while it has three listeners', JoiningStore),
];

function parsed(id: string): string {
  try {
    return JSON.parse(id) as string;
  } catch {
    return id;
  }
}

function decoded(id: string): string {
  try {
    return decodeURIComponent(id);
  } catch {
    return id;
  }
}
