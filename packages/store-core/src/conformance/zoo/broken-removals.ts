import type { CommitResult } from '../../store';
import { StoreError } from '../../store-error';
import { turn } from '../turns';
import { ReferenceStore, type ZooWrite } from './reference-store';
import type { ReferenceRow, ReferenceWorld } from './reference-world';
import { broken, type BrokenStore } from './zoo-target';

type StoreClass = new (world: ReferenceWorld) => ReferenceStore;
type IfRev = { ifRev?: number | undefined };

/** A store whose removal takes others along. */
function taking(isTaken: (id: string, removed: string) => boolean): StoreClass {
  return class extends ReferenceStore {
    protected override put(write: ZooWrite): number {
      const taken = super.put(write);
      if (write.full !== null || taken === 0) return taken;
      for (const [key, row] of this.world.rows) {
        if (row.type === write.type && row.text !== null && isTaken(row.id, write.id))
          this.world.rows.set(key, { ...row, text: null, rev: row.rev + 1 });
      }
      return taken;
    }
  };
}

/** A removal of what is absent removes what looks like it. */
class FoldingStore extends ReferenceStore {
  override async remove(type: string, id: string, options?: IfRev): Promise<boolean> {
    const alike = [...this.world.rows.values()].find((row) => this.isAlike(row, type, id));
    const isAbsent = typeof id === 'string' && typeof this.row(type, id)?.text !== 'string';
    return super.remove(type, isAbsent ? (alike?.id ?? id) : id, options);
  }

  private isAlike(row: ReferenceRow, type: string, id: unknown): boolean {
    return row.type === type && row.text !== null && row.id.toLowerCase() === String(id).toLowerCase();
  }
}

/** Compares, waits, and removes whatever is there by then. */
class RacingRemovalStore extends ReferenceStore {
  override async remove(type: string, id: string, options?: IfRev): Promise<boolean> {
    const ifRev = options?.ifRev;
    if (typeof ifRev !== 'number' || !(ifRev > 0)) return super.remove(type, id, options);
    const loaded = await this.loadVersioned(type, id);
    if (loaded?.rev !== ifRev) return super.remove(type, id, options);
    await turn();
    return super.remove(type, id);
  }
}

/** Makes the writes of a commit 25 at a time. */
class BatchingStore extends ReferenceStore {
  protected override async write(
    writes: readonly ZooWrite[],
    eventId: string | undefined,
  ): Promise<CommitResult> {
    if (writes.length <= this.size) return super.write(writes, eventId);
    const revs: number[] = [];
    for (let from = 0; from < writes.length; from += this.size)
      revs.push(...(await super.write(writes.slice(from, from + this.size), undefined)).revs);
    return { status: 'committed', revs };
  }
  protected readonly size: number = 25;
}

/** Broken in what removals, many revs and many writes do. */
export const brokenRemovals: readonly BrokenStore[] = [
  broken(
    'E1',
    'remove takes its id for a LIKE pattern',
    taking((id, removed) => {
      const pattern = removed
        .replace(/[^\w%]/g, '\\$&')
        .replaceAll('%', '.*')
        .replaceAll('_', '.');
      return /[%_]/.test(removed) && new RegExp(`^${pattern}$`, 's').test(id);
    }),
  ),
  broken(
    'E1',
    'remove takes what is below in a folder',
    taking((id, removed) => id.startsWith(`${removed}/`)),
  ),
  broken('E1', 'remove folds the case where no id is exact', FoldingStore),
  broken(
    'E1',
    'remove looks, then removes',
    class extends ReferenceStore {
      override async remove(type: string, id: string, options?: IfRev): Promise<boolean> {
        if (options?.ifRev !== undefined) return super.remove(type, id, options);
        const was = typeof id === 'string' && type !== '' && (await this.load(type, id)) !== null;
        await super.remove(type, id);
        return was;
      }
    },
  ),
  broken('E2', 'remove compares, then removes', RacingRemovalStore),
  broken(
    'E2',
    'remove takes an ifRev of null for none',
    class extends ReferenceStore {
      override async remove(type: string, id: string, options?: IfRev): Promise<boolean> {
        return super.remove(type, id, (options?.ifRev as unknown) === null ? undefined : options);
      }
    },
  ),
  broken(
    'R8',
    'remembers the newest 100 removed',
    class extends ReferenceStore {
      protected override put(write: ZooWrite): number {
        const taken = super.put(write);
        if (write.full !== null) return taken;
        const removed = [...this.world.rows].filter(([, { text }]) => text === null);
        if (removed.length > 100) this.world.rows.delete(removed[0]?.[0] ?? '');
        return taken;
      }
    },
  ),
  broken(
    'R11',
    'revs are one byte',
    class extends ReferenceStore {
      protected override put(write: ZooWrite): number {
        const row = this.row(write.type, write.id);
        if (row?.rev === 255) this.world.rows.set(this.rowKey(row.type, row.id), { ...row, rev: 0 });
        return super.put(write);
      }
    },
  ),
  broken('M1', 'writes 25 at a time', BatchingStore),
  broken(
    'M1',
    'writes 500 at a time',
    class extends BatchingStore {
      protected override readonly size = 500;
    },
  ),
  broken(
    'F5',
    'what cannot be read is created',
    class extends ReferenceStore {
      protected override compare(write: ZooWrite, index: number): void {
        if (!this.world.failsReads || write.ifRev === undefined) return super.compare(write, index);
        if (write.ifRev > 0) throw new StoreError('STORE_CONFLICT', 'The rev is another one.');
      }
    },
  ),
];
