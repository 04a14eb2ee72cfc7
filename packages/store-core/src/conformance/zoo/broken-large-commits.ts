import type { CommitOptions, CommitResult, Write } from '../../store';
import { turn } from '../turns';
import { ReferenceStore, type ZooWrite } from './reference-store';
import type { ReferenceRow, ReferenceWorld } from './reference-world';
import { broken, type BrokenStore } from './zoo-target';

type StoreClass = new (world: ReferenceWorld) => ReferenceStore;
type Part = readonly (readonly [write: ZooWrite, index: number])[];

/** A store that makes a commit in parts, each a transaction of its own. */
function inParts(partsOf: (writes: Part) => readonly Part[], isYielding = false): StoreClass {
  return class extends ReferenceStore {
    protected override async write(
      writes: readonly ZooWrite[],
      eventId: string | undefined,
    ): Promise<CommitResult> {
      await this.latency();
      const parts = partsOf(writes.map((write, index) => [write, index] as const));
      if (parts.length < 2 || eventId !== undefined) return super.write(writes, eventId);
      const revs = writes.map(() => 0);
      for (const part of parts) {
        if (isYielding) await turn();
        else for (const [write, index] of part) this.compare(write, index);
        for (const [write, index] of part) revs[index] = this.put(write);
        this.hint(
          part.map(([write]) => write),
          part.map(([, index]) => revs[index] ?? 0),
        );
      }
      return { status: 'committed', revs };
    }
  };
}

function chunks(part: Part, size: number): Part[] {
  return Array.from({ length: Math.ceil(part.length / size) }, (_, i) =>
    part.slice(i * size, (i + 1) * size),
  );
}

function grouped(part: Part, groupOf: (write: ZooWrite) => string): Part[] {
  return [...Map.groupBy(part, ([write]) => groupOf(write)).values()];
}

/** All are compared first, by a store that then writes in parts. */
class ComparingFirstStore extends inParts((part) => chunks(part, 500), true) {
  protected override write(writes: readonly ZooWrite[], eventId: string | undefined): Promise<CommitResult> {
    for (const [index, write] of writes.entries()) this.compare(write, index);
    return super.write(writes, eventId);
  }
}

/** Removes in a step of its own. */
function removingApart(when: 'before' | 'after'): StoreClass {
  return class extends ReferenceStore {
    protected override async write(
      writes: readonly ZooWrite[],
      eventId: string | undefined,
    ): Promise<CommitResult> {
      const isApart = ({ full, ifRev }: ZooWrite): boolean => full === null && ifRev === undefined;
      const removals = writes.filter(isApart);
      if (removals.length === 0 || removals.length === writes.length) return super.write(writes, eventId);
      const rest = writes.filter((write) => !isApart(write));
      if (when === 'after') for (const [index, write] of writes.entries()) this.compare(write, index);
      const first = await super.write(when === 'before' ? removals : rest, undefined);
      if (when === 'after') await turn();
      const second = await super.write(when === 'before' ? rest : removals, undefined);
      const [ofRemovals, ofRest] = when === 'before' ? [first.revs, second.revs] : [second.revs, first.revs];
      const revs = writes.map((write) => (isApart(write) ? ofRemovals : ofRest).shift() ?? 0);
      this.remember(writes, revs, eventId);
      return { status: 'committed', revs };
    }
  };
}

/** Keeps no tombstones for many removals at once. */
function withoutTombstones(isBulk: (writes: readonly ZooWrite[]) => boolean): StoreClass {
  return class extends ReferenceStore {
    protected override commitNow(writes: readonly ZooWrite[], eventId: string | undefined): CommitResult {
      const result = super.commitNow(writes, eventId);
      if (isBulk(writes))
        for (const { type, id, full } of writes)
          if (full === null) this.world.rows.delete(this.rowKey(type, id));
      return result;
    }
  };
}

/** A store that gives the revs of many writes in another way. */
function giving(change: (revs: readonly number[], writes: readonly ZooWrite[]) => number[]): StoreClass {
  return class extends ReferenceStore {
    protected override async write(
      writes: readonly ZooWrite[],
      eventId: string | undefined,
    ): Promise<CommitResult> {
      const { status, revs } = await super.write(writes, eventId);
      return { status, revs: writes.length > 4 ? change(revs, writes) : revs };
    }
  };
}

/** Checks a commit a thousand writes at a time. */
class CheckingByThousandStore extends ReferenceStore {
  override async commit(writes: readonly Write[], options?: CommitOptions): Promise<CommitResult> {
    if (!Array.isArray(writes) || writes.length <= 1_000) return super.commit(writes, options);
    const revs: number[] = [];
    for (let from = 0; from < writes.length; from += 1_000)
      revs.push(...(await super.commit(writes.slice(from, from + 1_000))).revs);
    return { status: 'committed', revs };
  }
}

/** Looks for instances that come twice among neighbours. */
class NeighboursStore extends ReferenceStore {
  protected override captureWrites(writes: readonly Write[]): ZooWrite[] {
    if (!Array.isArray(writes) || writes.length <= 100) return super.captureWrites(writes);
    return chunks(
      writes.map((write, i) => [write, i] as never),
      100,
    ).flatMap((part) => super.captureWrites(part.map(([write]) => write as never)));
  }
}

/** Removes ids from the list a turn after the states. */
class UnlistingLaterStore extends ReferenceStore {
  protected override commitNow(writes: readonly ZooWrite[], eventId: string | undefined): CommitResult {
    for (const { type, id, full } of writes) {
      const key = this.rowKey(type, id);
      if (full !== null || writes.length < 2 || !this.world.rows.has(key)) continue;
      this.world.scratch.set(key, 'still listed');
      setImmediate(() => this.world.scratch.delete(key));
    }
    return super.commitNow(writes, eventId);
  }
  protected override isListed(row: ReferenceRow): boolean {
    return super.isListed(row) || this.world.scratch.has(this.rowKey(row.type, row.id));
  }
}

const hash = (text: string): number =>
  [...text].reduce((sum, char) => (sum * 31 + char.charCodeAt(0)) >>> 0, 7);

/** Broken in ways of group M: many writes in one commit, of several types, with removals. */
export const brokenLargeCommits: readonly BrokenStore[] = [
  ...[10, 25, 100, 500, 999, 1_000, 2_000, 6_553].map((size) =>
    broken(
      'M1',
      `commits ${size} writes at a time`,
      inParts((part) => chunks(part, size)),
    ),
  ),
  broken(
    'M1',
    'commits 100 writes at a time, sorted',
    inParts((part) =>
      chunks(
        part.toSorted(([a], [b]) => (a.id < b.id ? -1 : 1)),
        100,
      ),
    ),
  ),
  broken(
    'M1',
    'commits 1,000 writes at a time, the last first',
    inParts((part) => chunks(part.toReversed(), 1_000)),
  ),
  broken(
    'M2',
    'commits are atomic for each type',
    inParts((part) => grouped(part, ({ type }) => type)),
  ),
  broken(
    'M2',
    'commits are atomic for each of four shards',
    inParts((part) => grouped(part, ({ id }) => String(hash(id) % 4))),
  ),
  broken(
    'M1',
    'commits are atomic for creations and changes',
    inParts((part) => grouped(part, ({ ifRev }) => String(ifRev === undefined))),
  ),
  broken(
    'M2',
    'commits are atomic for what has an ifRev',
    inParts((part) => grouped(part, ({ ifRev }) => String(ifRev !== undefined))),
  ),
  broken('M2', 'removes before the transaction', removingApart('before')),
  broken('M4', 'removes after the transaction', removingApart('after')),
  broken('M4', 'compares all, and writes 500 at a time', ComparingFirstStore),
  broken(
    'M4',
    'compares all, and writes the types one by one',
    class extends inParts((part) => grouped(part, ({ type }) => type), true) {
      protected override write(
        writes: readonly ZooWrite[],
        eventId: string | undefined,
      ): Promise<CommitResult> {
        for (const [index, write] of writes.entries()) this.compare(write, index);
        return super.write(writes, eventId);
      }
    },
  ),
  broken('M4', 'lists what a commit has removed', UnlistingLaterStore),
  broken(
    'M9',
    'more than 25 removals at once leave no revs',
    withoutTombstones((writes) => writes.filter(({ full }) => full === null).length > 25),
  ),
  broken(
    'M9',
    'more than 1,000 removals at once leave no revs',
    withoutTombstones((writes) => writes.filter(({ full }) => full === null).length > 1_000),
  ),
  broken(
    'M9',
    'removals beside creations leave no revs',
    withoutTombstones((writes) => writes.length > 1 && writes.some(({ full }) => full !== null)),
  ),
  broken(
    'M6',
    'a removal of what is absent shifts the revs',
    giving((revs) => [...revs.filter((rev) => rev > 0), ...revs.filter((rev) => rev === 0)]),
  ),
  broken(
    'M6',
    'revs of many come in the order of the ids',
    giving((revs, writes) =>
      writes
        .map(({ id }, i) => [id, revs[i] ?? 0] as const)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([, rev]) => rev),
    ),
  ),
  broken('M3', 'checks states a thousand writes at a time', CheckingByThousandStore),
  broken('M7', 'looks for one instance twice a hundred writes at a time', NeighboursStore),
];
