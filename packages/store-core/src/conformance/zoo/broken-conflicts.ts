import type { CommitOptions, CommitResult, Loaded, Write } from '../../store';
import { StoreError, type StoreErrorDetails } from '../../store-error';
import { turn } from '../turns';
import { ReferenceStore, type ZooWrite } from './reference-store';
import type { ReferenceWorld } from './reference-world';
import { broken, type BrokenStore } from './zoo-target';

type StoreClass = new (world: ReferenceWorld) => ReferenceStore;

/** A store that takes `ifRev` for the rev of an instance when it is like it. */
function comparing(isLike: (ifRev: number, rev: number, write: ZooWrite) => boolean): StoreClass {
  return class extends ReferenceStore {
    protected override compare(write: ZooWrite, index: number): void {
      const row = this.row(write.type, write.id);
      const rev = row === undefined || row.text === null ? 0 : row.rev;
      if (write.ifRev === undefined || !isLike(write.ifRev, rev, write)) super.compare(write, index);
    }
  };
}

/** A store that tells something else of a conflict. */
function telling(
  change: (details: StoreErrorDetails, writes: readonly ZooWrite[]) => StoreErrorDetails,
): StoreClass {
  return class extends ReferenceStore {
    protected override commitNow(writes: readonly ZooWrite[], eventId: string | undefined): CommitResult {
      try {
        return super.commitNow(writes, eventId);
      } catch (error) {
        const { code, type, id, index, expected, actual } = error as StoreError;
        if (code !== 'STORE_CONFLICT') throw error;
        throw new StoreError(code, 'Conflict.', change({ type, id, index, expected, actual }, writes));
      }
    }
  };
}

/** A place among the writes after they were put in another order, or some were left out. */
function placeAmong(order: (writes: readonly ZooWrite[]) => readonly ZooWrite[]): StoreClass {
  return telling((details, writes) => ({
    ...details,
    index: order(writes).findIndex(({ type, id }) => type === details.type && id === details.id),
  }));
}

const byId = (a: ZooWrite, b: ZooWrite): number => (a.id < b.id ? -1 : 1);

/** Answers the commits of a turn in order: an error takes the place of the answer behind it. */
class PipeliningStore extends ReferenceStore {
  #batch: (() => CommitResult)[] = [];
  #answers: Promise<PromiseSettledResult<CommitResult>[]> | undefined;
  protected override async write(
    writes: readonly ZooWrite[],
    eventId: string | undefined,
  ): Promise<CommitResult> {
    const at = this.#batch.push(() => this.commitNow(writes, eventId)) - 1;
    this.#answers ??= this.#run();
    const answers = await this.#answers;
    const errors = answers.slice(0, at).filter(({ status }) => status === 'rejected').length;
    const answer = answers[at + (errors > 1 && at + 1 < answers.length ? 1 : 0)] ?? answers[at];
    if (answer?.status === 'fulfilled') return answer.value;
    throw answer?.reason;
  }
  async #run(): Promise<PromiseSettledResult<CommitResult>[]> {
    await turn();
    const batch = this.#batch;
    this.#batch = [];
    this.#answers = undefined;
    return Promise.allSettled(batch.map(async (run) => run()));
  }
}

/** Looks whether what was removed is there, then creates. */
class RecreatingStore extends ReferenceStore {
  protected override async write(
    writes: readonly ZooWrite[],
    eventId: string | undefined,
  ): Promise<CommitResult> {
    const [first] = writes;
    const isRecreation = first?.ifRev === 0 && this.row(first.type, first.id)?.text === null;
    if (!isRecreation || writes.length > 1) return super.write(writes, eventId);
    await turn();
    return this.commitNow([{ ...first, ifRev: undefined }], eventId);
  }
}

/** A refused commit takes revs that show with the next one. */
function losingRevs(isLost: (error: StoreError, writes: readonly ZooWrite[]) => boolean): StoreClass {
  return class extends ReferenceStore {
    protected override commitNow(writes: readonly ZooWrite[], eventId: string | undefined): CommitResult {
      try {
        return super.commitNow(writes, eventId);
      } catch (error) {
        if (isLost(error as StoreError, writes))
          for (const { type, id } of writes) this.world.scratch.set(this.rowKey(type, id), 1);
        throw error;
      }
    }
    protected override put(write: ZooWrite): number {
      const rev = super.put(write);
      const key = this.rowKey(write.type, write.id);
      const row = this.world.rows.get(key);
      if (rev === 0 || row === undefined || !this.world.scratch.delete(key)) return rev;
      this.world.rows.set(key, { ...row, rev: rev + 1 });
      return rev + 1;
    }
  };
}

/** A store that gives another epoch. */
function epochs(epochOf: (epoch: string, handle: number) => string): StoreClass {
  return class extends ReferenceStore {
    readonly #handle: number;
    constructor(world: ReferenceWorld) {
      super(world);
      this.#handle = Number(world.scratch.get('handles') ?? 0) + 1;
      world.scratch.set('handles', this.#handle);
    }
    protected override async readLoaded(type: string, id: string): Promise<Loaded | null> {
      const loaded = await super.readLoaded(type, id);
      return loaded && { ...loaded, epoch: epochOf(loaded.epoch, this.#handle) };
    }
  };
}

/** Converts each `ifRev` before it is checked. */
function converting(convert: (ifRev: unknown) => unknown): StoreClass {
  return class extends ReferenceStore {
    override async commit(writes: readonly Write[], options?: CommitOptions): Promise<CommitResult> {
      const converted = (write: Write): Write => ({ ...write, ifRev: convert(write.ifRev) as number });
      return super.commit(Array.isArray(writes) ? writes.map(converted) : writes, options);
    }
  };
}

/** Gives revs of another type, or other digits, from a rev on. */
function showing(show: (rev: number) => unknown): StoreClass {
  return class extends ReferenceStore {
    override async commit(writes: readonly Write[], options?: CommitOptions): Promise<CommitResult> {
      const { status, revs } = await super.commit(writes, options);
      return { status, revs: revs.map((rev) => show(rev) as number) };
    }
  };
}

/** Broken in ways of groups R and M: what is compared, and what a conflict tells. */
export const brokenConflicts: readonly BrokenStore[] = [
  ...[8, 16, 31, 32].map((bits) =>
    broken(
      'R3',
      `ifRev has ${bits} bits`,
      comparing((ifRev, rev) => ifRev % 2 ** bits === rev),
    ),
  ),
  broken(
    'R3',
    'the beginning of a rev is enough',
    comparing((ifRev, rev) => ifRev > 0 && String(rev).startsWith(String(ifRev))),
  ),
  broken(
    'R3',
    'what begins with the rev is enough',
    comparing((ifRev, rev) => rev > 0 && String(ifRev).startsWith(String(rev))),
  ),
  broken(
    'R3',
    'the end of an ifRev is enough',
    comparing((ifRev, rev) => rev > 0 && String(ifRev).endsWith(String(rev))),
  ),
  broken(
    'R3',
    'any newer rev will do, as text',
    comparing((ifRev, rev) => rev > 9 && String(ifRev) > String(rev)),
  ),
  broken(
    'R3',
    'any older ifRev will do',
    comparing((ifRev, rev) => ifRev > 1 && ifRev <= rev),
  ),
  broken(
    'R3',
    'the last rev will do, too',
    comparing((ifRev, rev) => ifRev > 10 && ifRev === rev - 1),
  ),
  broken(
    'R3',
    'ifRev 0 is none for a removal',
    comparing((ifRev, _, { full }) => ifRev === 0 && full === null),
  ),
  broken(
    'R3',
    'ifRev is not compared for a removal of what was removed',
    comparing((ifRev, rev, { full }) => rev === 0 && ifRev === 2 && full === null),
  ),
  broken(
    'R3',
    'tells ifRev as a float',
    telling((details) => ({ ...details, expected: Math.fround(details.expected ?? 0) })),
  ),
  broken(
    'R3',
    'tells ifRev in 32 bits',
    telling((details) => ({ ...details, expected: (details.expected ?? 0) | 0 })),
  ),
  broken(
    'R3',
    'tells the rev of a conflict as text',
    telling((details) => ({ ...details, actual: String(details.actual) as never })),
  ),
  broken(
    'M2',
    'the place is that among sorted writes',
    placeAmong((writes) => writes.toSorted(byId)),
  ),
  broken(
    'M2',
    'the place is that among writes of its type',
    telling((details, writes) => ({
      ...details,
      index: writes.filter(({ type }) => type === details.type).findIndex(({ id }) => id === details.id),
    })),
  ),
  broken(
    'M2',
    'the place is that among writes with an ifRev',
    placeAmong((writes) => writes.filter(({ ifRev }) => ifRev !== undefined)),
  ),
  broken(
    'M2',
    'the place is that among removals and the rest',
    placeAmong((writes) => [...writes].sort((a, b) => Number(b.full === null) - Number(a.full === null))),
  ),
  broken(
    'M2',
    'the place counts from 1',
    telling((details, writes) => ({ ...details, index: (details.index ?? 0) + (writes.length > 1 ? 1 : 0) })),
  ),
  broken(
    'M2',
    'tells the ifRev of the first write',
    telling((details, writes) => ({ ...details, expected: writes[0]?.ifRev })),
  ),
  broken(
    'M2',
    'tells the newest rev of all',
    telling((details, writes) => ({
      ...details,
      actual: Math.max(details.actual ?? 0, ...writes.map(({ ifRev }) => (ifRev ?? 0) % 100)),
    })),
  ),
  broken(
    'M2',
    'in a commit of several, ifRev 0 is none',
    class extends ReferenceStore {
      protected override commitNow(writes: readonly ZooWrite[], eventId: string | undefined): CommitResult {
        const own = (write: ZooWrite): ZooWrite =>
          write.ifRev === 0 ? { ...write, ifRev: undefined } : write;
        return super.commitNow(writes.length > 1 ? writes.map(own) : writes, eventId);
      }
    },
  ),
  broken(
    'M2',
    'a refused commit of several takes revs',
    losingRevs((_, writes) => writes.length > 1),
  ),
  broken(
    'R13',
    'a refused creation takes a rev',
    losingRevs((_, writes) => writes.some(({ ifRev }) => ifRev === 0)),
  ),
  broken('R4', 'answers of a turn shift behind errors', PipeliningStore),
  broken('R5', 'looks whether what was removed is there, then creates', RecreatingStore),
  broken(
    'R9',
    'ifRev is a float of 32 bits',
    converting((ifRev) => (typeof ifRev === 'number' ? Math.fround(ifRev) : ifRev)),
  ),
  broken(
    'R9',
    'ifRev may be text of digits',
    converting((ifRev) => (typeof ifRev === 'string' && /^\s*\d+\s*$/.test(ifRev) ? Number(ifRev) : ifRev)),
  ),
  broken(
    'R9',
    'ifRev may be an object with a value',
    converting((ifRev) => (typeof ifRev === 'object' && ifRev !== null ? Number(ifRev) : ifRev)),
  ),
  broken(
    'R11',
    'revs are text from 1,000 on',
    showing((rev) => (rev >= 1_000 ? String(rev) : rev)),
  ),
  broken(
    'R11',
    'revs are bigint from 256 on',
    showing((rev) => (rev >= 256 ? BigInt(rev) : rev)),
  ),
  broken(
    'R11',
    'revs have 9 bits',
    showing((rev) => rev % 512),
  ),
  broken(
    'R1',
    'all databases have one epoch',
    epochs(() => 'epoch'),
  ),
  broken(
    'R1',
    'the third handle has an epoch of its own',
    epochs((epoch, handle) => (handle > 2 ? `${epoch}-${handle}` : epoch)),
  ),
  broken(
    'R1',
    'the epoch is the year',
    epochs(() => String(new Date().getFullYear())),
  ),
];
