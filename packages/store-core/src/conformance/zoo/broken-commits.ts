import type { CommitOptions, CommitResult, Write } from '../../store';
import { StoreError } from '../../store-error';
import { turn } from '../turns';
import { ReferenceStore, type ZooWrite } from './reference-store';
import type { ReferenceWorld } from './reference-world';
import { broken, type BrokenStore } from './zoo-target';

/** Makes the writes of a commit one by one. */
class OneByOneStore extends ReferenceStore {
  protected override async write(
    writes: readonly ZooWrite[],
    eventId: string | undefined,
  ): Promise<CommitResult> {
    if (writes.length < 2 || eventId !== undefined) return super.write(writes, eventId);
    for (const [index, write] of writes.entries()) this.compare(write, index);
    const revs: number[] = [];
    for (const write of writes) {
      await this.latency();
      revs.push(...this.commitNow([{ ...write, ifRev: undefined }], undefined).revs);
    }
    return { status: 'committed', revs };
  }
}

/** Writes, and takes back what it wrote when a later write is stale. */
class CompensatingStore extends ReferenceStore {
  protected override async write(
    writes: readonly ZooWrite[],
    eventId: string | undefined,
  ): Promise<CommitResult> {
    const before = new Map(this.world.rows);
    try {
      for (const [index, write] of writes.entries()) {
        this.compare(write, index);
        this.put(write);
        await this.latency();
      }
    } finally {
      for (const { type, id } of writes) {
        const row = before.get(this.rowKey(type, id));
        if (row === undefined) this.world.rows.delete(this.rowKey(type, id));
        else this.world.rows.set(this.rowKey(type, id), row);
      }
    }
    return this.commitNow(writes, eventId);
  }
}

/** Locks each instance in the order of the writes, and never gives up. */
class DeadlockingStore extends ReferenceStore {
  protected override async write(
    writes: readonly ZooWrite[],
    eventId: string | undefined,
  ): Promise<CommitResult> {
    const releases: (() => void)[] = [];
    for (const { type, id } of writes) {
      const lock = `lock ${this.rowKey(type, id)}`;
      while (this.world.scratch.has(lock)) await (this.world.scratch.get(lock) as Promise<void>);
      const { promise, resolve } = Promise.withResolvers<void>();
      this.world.scratch.set(lock, promise);
      releases.push(() => {
        this.world.scratch.delete(lock);
        resolve();
      });
      await this.latency();
    }
    try {
      return this.commitNow(writes, eventId);
    } finally {
      for (const release of releases) release();
    }
  }
}

/** Compares revs, waits, and writes. */
class RacingStore extends ReferenceStore {
  protected override async write(
    writes: readonly ZooWrite[],
    eventId: string | undefined,
  ): Promise<CommitResult> {
    for (const [index, write] of writes.entries()) this.compare(write, index);
    await turn();
    return this.commitNow(
      writes.map((write) => ({ ...write, ifRev: undefined })),
      eventId,
    );
  }
}

class LastWinsStore extends ReferenceStore {
  override async commit(writes: readonly Write[], options?: CommitOptions): Promise<CommitResult> {
    const last = new Map(writes.map((write) => [this.rowKey(write.type, write.id), write]));
    return super.commit([...last.values()], options);
  }
}

/** A store that gives another answer to a commit of several. */
function answering(
  change: (revs: number[], writes: readonly Write[]) => number[],
): new (world: ReferenceWorld) => ReferenceStore {
  return class extends ReferenceStore {
    override async commit(writes: readonly Write[], options?: CommitOptions): Promise<CommitResult> {
      const { status, revs } = await super.commit(writes, options);
      return { status, revs: change(revs, writes) };
    }
  };
}

/** Broken in ways of group M. */
export const brokenCommits: readonly BrokenStore[] = [
  broken('M1', 'writes, then takes back', CompensatingStore),
  broken(
    'M1',
    "several instances with atomic: 'instance'",
    class extends ReferenceStore {
      override readonly capabilities = Object.freeze({
        atomic: 'instance',
        idempotency: true,
        watch: 'process',
        durability: 'fsync',
      } as const);
      protected override captureWrites(writes: readonly Write[]): ZooWrite[] {
        if (!Array.isArray(writes)) return super.captureWrites(writes);
        return (writes as readonly Write[]).flatMap((write) => super.captureWrites([write]));
      }
    },
  ),
  broken(
    'M2',
    'compares the first write only',
    class extends ReferenceStore {
      protected override compare(write: ZooWrite, index: number): void {
        if (index === 0) super.compare(write, index);
      }
    },
  ),
  broken(
    'M2',
    'leaves stale writes out',
    class extends ReferenceStore {
      protected override commitNow(writes: readonly ZooWrite[], eventId: string | undefined): CommitResult {
        const fresh = writes.filter((write, i) => {
          try {
            this.compare(write, i);
            return true;
          } catch (error) {
            if (writes.length === 1) throw error;
            return false;
          }
        });
        return super.commitNow(fresh, eventId);
      }
    },
  ),
  broken(
    'M3',
    'checks each write when its turn comes',
    class extends ReferenceStore {
      override async commit(writes: readonly Write[], options?: CommitOptions): Promise<CommitResult> {
        try {
          return await super.commit(writes, options);
        } catch (error) {
          if ((error as StoreError).code === 'STORE_INVALID_STATE' && writes.length > 1)
            await super.commit(writes.slice(0, 1));
          throw error;
        }
      }
    },
  ),
  broken('M4', 'writes one by one', OneByOneStore),
  broken('M5', 'locks in the order of the writes', DeadlockingStore),
  broken(
    'M6',
    'revs come in the order of the ids',
    answering((revs, writes) => {
      const order = writes
        .map(({ id }, i) => ({ id, rev: revs[i] ?? 0 }))
        .sort((a, b) => (a.id < b.id ? -1 : 1));
      return writes.length > 1 ? order.map(({ rev }) => rev) : revs;
    }),
  ),
  broken(
    'M6',
    'one rev for the whole commit',
    answering((revs) => revs.map(() => Math.max(0, ...revs))),
  ),
  broken('M7', 'the last write of an instance wins', LastWinsStore),
  broken('M8', 'compares, then writes', RacingStore),
  broken(
    'M9',
    'what is removed is not there to be created',
    class extends ReferenceStore {
      protected override put(write: ZooWrite): number {
        return write.full === null && write.ifRev === undefined
          ? Math.max(1, super.put(write))
          : super.put(write);
      }
    },
  ),
  broken(
    'M9',
    'removals of a commit of several are left out',
    class extends ReferenceStore {
      protected override commitNow(writes: readonly ZooWrite[], eventId: string | undefined): CommitResult {
        if (writes.length === 1) return super.commitNow(writes, eventId);
        const kept = writes.filter(({ full }) => full !== null);
        const { status, revs } = super.commitNow(kept, eventId);
        return { status, revs: writes.map((write) => revs[kept.indexOf(write)] ?? 0) };
      }
    },
  ),
  broken(
    'M10',
    'refuses an empty commit',
    class extends ReferenceStore {
      override async commit(writes: readonly Write[], options?: CommitOptions): Promise<CommitResult> {
        if (writes.length === 0) throw new StoreError('STORE_INVALID_ARGUMENT', 'Nothing to write.');
        return super.commit(writes, options);
      }
    },
  ),
];

/** A store that remembers events in another way. */
function rememberingBy(nameOf: (eventId: string) => string): new (world: ReferenceWorld) => ReferenceStore {
  return class extends ReferenceStore {
    override async commit(writes: readonly Write[], options?: CommitOptions): Promise<CommitResult> {
      const eventId = options?.eventId;
      return super.commit(writes, typeof eventId === 'string' ? { eventId: nameOf(eventId) } : options);
    }
  };
}

/** Broken in ways of group N. */
export const brokenEvents: readonly BrokenStore[] = [
  broken(
    'N1',
    'ignores event ids',
    class extends ReferenceStore {
      protected override remember(): void {}
    },
  ),
  broken(
    'N1',
    'a duplicate gives the newest revs',
    class extends ReferenceStore {
      protected override duplicate(
        writes: readonly ZooWrite[],
        eventId: string | undefined,
      ): CommitResult | undefined {
        const duplicate = super.duplicate(writes, eventId);
        return (
          duplicate && { ...duplicate, revs: writes.map(({ type, id }) => this.row(type, id)?.rev ?? 0) }
        );
      }
    },
  ),
  broken(
    'N1',
    'an empty event id is none',
    class extends ReferenceStore {
      override async commit(writes: readonly Write[], options?: CommitOptions): Promise<CommitResult> {
        return super.commit(writes, options?.eventId === '' ? {} : options);
      }
    },
  ),
  broken(
    'N1',
    'ignores event ids that it does not support',
    class extends ReferenceStore {
      override readonly capabilities = Object.freeze({
        atomic: 'multi',
        idempotency: false,
        watch: 'process',
        durability: 'fsync',
      } as const);
      override async commit(writes: readonly Write[]): Promise<CommitResult> {
        return super.commit(writes);
      }
    },
  ),
  broken(
    'N2',
    'remembers events as long as it is open',
    class extends ReferenceStore {
      protected override shutdown(): void {
        this.world.events.clear();
      }
    },
  ),
  broken(
    'N3',
    'looks an event up, then commits',
    class extends ReferenceStore {
      protected override async write(
        writes: readonly ZooWrite[],
        eventId: string | undefined,
      ): Promise<CommitResult> {
        const duplicate = this.duplicate(writes, eventId);
        await turn();
        if (duplicate !== undefined) return duplicate;
        const result = this.commitNow(writes, undefined);
        this.remember(writes, result.revs, eventId);
        return result;
      }
    },
  ),
  broken(
    'N4',
    'records the event, then compares',
    class extends ReferenceStore {
      protected override compare(write: ZooWrite, index: number): void {
        this.world.scratch.set('event', write);
        super.compare(write, index);
      }
      protected override commitNow(writes: readonly ZooWrite[], eventId: string | undefined): CommitResult {
        const known = this.duplicate(writes, eventId);
        if (known !== undefined) return known;
        const revs = writes.map(({ type, id }) => this.row(type, id)?.rev ?? 0);
        this.remember(writes, revs, eventId);
        const { status } = super.commitNow(writes, undefined);
        this.remember(
          writes,
          writes.map(({ type, id }) => this.row(type, id)?.rev ?? 0),
          eventId,
        );
        return { status, revs: writes.map(({ type, id }) => this.row(type, id)?.rev ?? 0) };
      }
    },
  ),
  broken(
    'N5',
    'folds event ids',
    rememberingBy((eventId) => eventId.toLowerCase()),
  ),
  broken(
    'N5',
    'trims event ids',
    rememberingBy((eventId) => eventId.trim() || 'blank'),
  ),
  broken(
    'N5',
    'cuts event ids',
    rememberingBy((eventId) => eventId.slice(0, 255)),
  ),
  broken(
    'N6',
    'compares ifRev first',
    class extends ReferenceStore {
      protected override duplicate(
        writes: readonly ZooWrite[],
        eventId: string | undefined,
      ): CommitResult | undefined {
        for (const [index, write] of writes.entries()) this.compare(write, index);
        return super.duplicate(writes, eventId);
      }
    },
  ),
  broken(
    'N7',
    'an event id is enough',
    class extends ReferenceStore {
      protected override duplicate(
        _writes: readonly ZooWrite[],
        eventId: string | undefined,
      ): CommitResult | undefined {
        const event = eventId === undefined ? undefined : this.world.events.get(eventId);
        return event && { status: 'duplicate', revs: [...event.revs] };
      }
    },
  ),
];
