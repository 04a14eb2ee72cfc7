import type { CommitOptions, CommitResult, Loaded, Write } from '../../store';
import { StoreError } from '../../store-error';
import { turn } from '../turns';
import { ReferenceStore, type ZooWrite } from './reference-store';
import type { ReferenceWorld } from './reference-world';
import { broken, type BrokenStore } from './zoo-target';

type StoreClass = new (world: ReferenceWorld) => ReferenceStore;

/** Compares revs, waits, and writes whatever they are by then. */
class CheckThenActStore extends ReferenceStore {
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

/** A store that takes other revs than it should. */
function numbering(next: (rev: number, write: ZooWrite, isNew: boolean) => number): StoreClass {
  return class extends ReferenceStore {
    protected override put(write: ZooWrite): number {
      const before = this.row(write.type, write.id);
      const taken = super.put(write);
      const row = this.row(write.type, write.id);
      if (row === undefined || taken === 0) return taken;
      const rev = next(row.rev, write, before === undefined);
      this.world.rows.set(this.rowKey(write.type, write.id), { ...row, rev });
      return rev;
    }
  };
}

/** A store that makes something else of the writes of a commit. */
function committing(change: (writes: readonly Write[]) => readonly Write[]): StoreClass {
  return class extends ReferenceStore {
    override async commit(writes: readonly Write[], options?: CommitOptions): Promise<CommitResult> {
      return super.commit(Array.isArray(writes) ? change(writes) : writes, options);
    }
  };
}

class WithoutDetails extends ReferenceStore {
  protected override compare(write: ZooWrite, index: number): void {
    try {
      super.compare(write, index);
    } catch (error) {
      const { type, id, expected } = error as StoreError;
      throw new StoreError('STORE_CONFLICT', 'Conflict.', { type, id, index, expected });
    }
  }
}

/** Broken in ways of group R. */
export const brokenRevs: readonly BrokenStore[] = [
  broken(
    'R1',
    'revs start at 0',
    numbering((rev) => rev - 1),
  ),
  broken(
    'R1',
    'one counter for all',
    class extends ReferenceStore {
      protected override put(write: ZooWrite): number {
        const rev = Number(this.world.scratch.get('rev') ?? 0) + 1;
        this.world.scratch.set('rev', rev);
        super.put(write);
        const row = this.row(write.type, write.id);
        if (row !== undefined) this.world.rows.set(this.rowKey(write.type, write.id), { ...row, rev });
        return rev;
      }
    },
  ),
  broken(
    'R1',
    'an epoch for each handle',
    class extends ReferenceStore {
      readonly #epoch = crypto.randomUUID();
      override async loadVersioned(type: string, id: string): Promise<Loaded | null> {
        const loaded = await super.loadVersioned(type, id);
        return loaded && { ...loaded, epoch: this.#epoch };
      }
    },
  ),
  broken(
    'R1',
    'undefined where there is nothing',
    class extends ReferenceStore {
      override async loadVersioned(type: string, id: string): Promise<Loaded | null> {
        return (await super.loadVersioned(type, id)) ?? (undefined as never);
      }
    },
  ),
  broken(
    'R2',
    'a rev is skipped',
    numbering((rev, { ifRev }) => (ifRev === undefined || ifRev === 0 ? rev : rev + 1)),
  ),
  broken('R3', 'the conflict does not tell the actual rev', WithoutDetails),
  broken(
    'R3',
    'ifRev is not compared where there is nothing',
    class extends ReferenceStore {
      protected override compare(write: ZooWrite, index: number): void {
        if (this.row(write.type, write.id) !== undefined) super.compare(write, index);
      }
    },
  ),
  broken(
    'R3',
    'any newer ifRev will do',
    class extends ReferenceStore {
      protected override compare(write: ZooWrite, index: number): void {
        if ((write.ifRev ?? 0) <= (this.row(write.type, write.id)?.rev ?? 0)) super.compare(write, index);
      }
    },
  ),
  broken(
    'R3',
    'last write wins',
    class extends ReferenceStore {
      protected override compare(): void {}
    },
  ),
  broken(
    'R4',
    'writes, then compares',
    class extends ReferenceStore {
      protected override compare(write: ZooWrite, index: number): void {
        try {
          super.compare(write, index);
        } catch (error) {
          this.put(write);
          throw error;
        }
      }
    },
  ),
  broken('R5', 'looks whether it exists, then creates', CheckThenActStore),
  broken('R6', 'compares, then writes', CheckThenActStore),
  broken(
    'R7',
    'equal content is not written',
    class extends ReferenceStore {
      protected override put(write: ZooWrite): number {
        const before = this.row(write.type, write.id);
        return before !== undefined && before.text === write.full ? before.rev : super.put(write);
      }
    },
  ),
  broken(
    'R8',
    'forgets the rev with the state',
    class extends ReferenceStore {
      protected override put(write: ZooWrite): number {
        const rev = super.put(write);
        if (write.full === null) this.world.rows.delete(this.rowKey(write.type, write.id));
        return rev;
      }
    },
  ),
  broken(
    'R9',
    'a malformed ifRev is none',
    committing((writes) =>
      writes.map((write) => ({
        ...write,
        ifRev: Number.isSafeInteger(write.ifRev) && Number(write.ifRev) >= 0 ? write.ifRev : undefined,
      })),
    ),
  ),
  broken(
    'R9',
    'ifRev is converted',
    committing((writes) =>
      writes.map((write) => ({
        ...write,
        ifRev: write.ifRev === undefined ? undefined : Math.trunc(Math.abs(Number(write.ifRev))),
      })),
    ),
  ),
  broken(
    'R10',
    'a new epoch at each opening',
    class extends ReferenceStore {
      protected override open(): void {
        if (this.world.scratch.get('open') !== true) this.world.epoch = crypto.randomUUID();
        this.world.scratch.set('open', true);
      }
      protected override shutdown(): void {
        this.world.scratch.set('open', false);
      }
    },
  ),
  broken(
    'R10',
    'forgets removed ones when it closes',
    class extends ReferenceStore {
      protected override shutdown(): void {
        for (const [key, { text }] of this.world.rows) if (text === null) this.world.rows.delete(key);
      }
    },
  ),
  broken(
    'R11',
    'persist takes no rev',
    class extends ReferenceStore {
      override async persist(
        type: string,
        id: string,
        diff: Record<string, unknown> | null,
        full: unknown,
      ): Promise<void> {
        const before = this.row(type, id);
        await super.persist(type, id, diff, full);
        const row = this.row(type, id);
        if (before !== undefined && row !== undefined)
          this.world.rows.set(this.rowKey(type, id), { ...row, rev: before.rev });
      }
    },
  ),
  broken('R12', 'compares, then writes (2)', CheckThenActStore),
  broken(
    'R13',
    'a creation after a removal skips one',
    numbering((rev, { full, ifRev }) => (full !== null && ifRev === 0 && rev > 2 ? rev + 1 : rev)),
  ),
  broken(
    'R13',
    'a refused commit takes a rev',
    class extends ReferenceStore {
      protected override compare(write: ZooWrite, index: number): void {
        try {
          super.compare(write, index);
        } catch (error) {
          const row = this.row(write.type, write.id);
          if (row !== undefined)
            this.world.rows.set(this.rowKey(write.type, write.id), { ...row, rev: row.rev + 1 });
          throw error;
        }
      }
    },
  ),
  broken(
    'R14',
    'a removal gives 0',
    class extends ReferenceStore {
      override async commit(writes: readonly Write[], options?: CommitOptions): Promise<CommitResult> {
        const { status, revs } = await super.commit(writes, options);
        return { status, revs: revs.map((rev, i) => (writes[i]?.full === null ? 0 : rev)) };
      }
    },
  ),
  broken(
    'R14',
    'removing the absent takes a rev',
    class extends ReferenceStore {
      protected override put(write: ZooWrite): number {
        const taken = super.put(write);
        if (taken > 0) return taken;
        const { type, id } = write;
        const rev = (this.row(type, id)?.rev ?? 0) + 1;
        this.world.rows.set(this.rowKey(type, id), { type, id, text: null, rev });
        return 0;
      }
    },
  ),
];
