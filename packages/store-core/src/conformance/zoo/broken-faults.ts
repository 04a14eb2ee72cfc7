import { openSync } from 'node:fs';
import type { JsonObject } from '../../json-value';
import type { CommitResult, Loaded } from '../../store';
import { StoreError } from '../../store-error';
import { pause } from '../turns';
import { ReferenceStore, type ZooWrite } from './reference-store';
import type { ReferenceRow, ReferenceWorld } from './reference-world';
import { broken, type BrokenStore } from './zoo-target';

type StoreClass = new (world: ReferenceWorld) => ReferenceStore;

/** A store that does something else where the reference rejects. */
function rescuing(code: string, rescue: (error: StoreError) => Loaded | null): StoreClass {
  return class extends ReferenceStore {
    protected override async readLoaded(type: string, id: string): Promise<Loaded | null> {
      try {
        return await super.readLoaded(type, id);
      } catch (error) {
        if ((error as StoreError).code === code || code === 'any') return rescue(error as StoreError);
        throw error;
      }
    }
  };
}

/** A store that does something more for each write. */
function spending(spend: (world: ReferenceWorld, write: ZooWrite) => void): StoreClass {
  return class extends ReferenceStore {
    protected override put(write: ZooWrite): number {
      spend(this.world, write);
      return super.put(write);
    }
  };
}

const itemsIn = ({ full }: ZooWrite): number =>
  ((JSON.parse(full ?? '{}') as { items?: unknown[] }).items ?? []).length;

const leaks: unknown[] = [];

/** Broken in ways of group F. */
export const brokenFaults: readonly BrokenStore[] = [
  broken(
    'F1',
    'a corrupt row is null',
    rescuing('STORE_CORRUPT', () => null),
  ),
  broken(
    'F1',
    'a corrupt row is {}',
    rescuing('STORE_CORRUPT', () => ({ state: {}, rev: 1, epoch: 'x' })),
  ),
  broken(
    'F1',
    'the error of a corrupt row has no rev',
    rescuing('STORE_CORRUPT', ({ type, id }) => {
      throw new StoreError('STORE_CORRUPT', 'Corrupt.', { type, id });
    }),
  ),
  broken(
    'F2',
    'corrupt rows are not listed',
    class extends ReferenceStore {
      protected override isListed(row: ReferenceRow): boolean {
        return super.isListed(row) && row.text?.endsWith('}') === true;
      }
    },
  ),
  broken(
    'F2',
    'a corrupt row cannot be overwritten',
    class extends ReferenceStore {
      protected override put(write: ZooWrite): number {
        const row = this.row(write.type, write.id);
        if (typeof row?.text === 'string') this.read(row);
        return super.put(write);
      }
    },
  ),
  broken(
    'F2',
    'a corrupt row counts as absent',
    class extends ReferenceStore {
      protected override compare(write: ZooWrite, index: number): void {
        if (write.ifRev !== 0 || this.row(write.type, write.id)?.text?.endsWith('}') !== false)
          super.compare(write, index);
      }
    },
  ),
  broken(
    'F3',
    'writes what there is room for',
    class extends ReferenceStore {
      protected override commitNow(writes: readonly ZooWrite[], eventId: string | undefined): CommitResult {
        if (this.world.isFull) for (const write of writes) this.put({ ...write, full: '{}' });
        return super.commitNow(writes, eventId);
      }
    },
  ),
  broken(
    'F3',
    'full is an error like others',
    class extends ReferenceStore {
      protected override commitNow(writes: readonly ZooWrite[], eventId: string | undefined): CommitResult {
        if (this.world.isFull) throw new Error('ENOSPC');
        return super.commitNow(writes, eventId);
      }
    },
  ),
  broken(
    'F4',
    'keeps what was written before the fault',
    class extends ReferenceStore {
      protected override commitNow(writes: readonly ZooWrite[], eventId: string | undefined): CommitResult {
        for (const write of writes) {
          this.world.write([write.full ?? '']);
          this.put(write);
        }
        return super.commitNow(writes, eventId);
      }
    },
  ),
  broken(
    'F4',
    'acknowledges what failed',
    class extends ReferenceStore {
      protected override commitNow(writes: readonly ZooWrite[], eventId: string | undefined): CommitResult {
        try {
          return super.commitNow(writes, eventId);
        } catch (error) {
          if (error instanceof StoreError) throw error;
          return { status: 'committed', revs: writes.map(() => 1) };
        }
      }
    },
  ),
  broken(
    'F5',
    'a read that fails is null',
    rescuing('any', () => null),
  ),
  broken(
    'F6',
    'a fault ends the handle',
    class extends ReferenceStore {
      #failed = false;
      protected override commitNow(writes: readonly ZooWrite[], eventId: string | undefined): CommitResult {
        if (this.#failed) throw new Error('cannot start a transaction within a transaction');
        this.#failed = true;
        const result = super.commitNow(writes, eventId);
        this.#failed = false;
        return result;
      }
    },
  ),
  broken(
    'F7',
    'waits for the lock for ever',
    class extends ReferenceStore {
      protected override async write(
        writes: readonly ZooWrite[],
        eventId: string | undefined,
      ): Promise<CommitResult> {
        while (this.world.isLocked) await new Promise((resolve) => setTimeout(resolve, 5).unref());
        return super.write(writes, eventId);
      }
    },
  ),
  broken(
    'F7',
    'stalls the event loop',
    class extends ReferenceStore {
      protected override async write(
        writes: readonly ZooWrite[],
        eventId: string | undefined,
      ): Promise<CommitResult> {
        await new Promise((resolve) => setTimeout(resolve, 5));
        for (const start = performance.now(); this.world.isLocked && performance.now() - start < 700;);
        return super.write(writes, eventId);
      }
    },
  ),
  broken(
    'F8',
    'writes to what is read-only',
    class extends ReferenceStore {
      protected override commitNow(writes: readonly ZooWrite[], eventId: string | undefined): CommitResult {
        this.world.isReadonly = false;
        return super.commitNow(writes, eventId);
      }
    },
  ),
  broken(
    'F8',
    'cannot read what is read-only',
    class extends ReferenceStore {
      protected override open(): void {
        if (this.world.isReadonly) throw new StoreError('STORE_READONLY', 'The format cannot be upgraded.');
      }
    },
  ),
  broken(
    'F7',
    'removals wait for the lock for good',
    class extends ReferenceStore {
      protected override async write(
        writes: readonly ZooWrite[],
        eventId: string | undefined,
      ): Promise<CommitResult> {
        while (this.world.isLocked && writes.some(({ full }) => full === null)) await pause(5);
        return super.write(writes, eventId);
      }
    },
  ),
  broken(
    'F7',
    'commits of several go on without the lock',
    class extends ReferenceStore {
      protected override async write(
        writes: readonly ZooWrite[],
        eventId: string | undefined,
      ): Promise<CommitResult> {
        return writes.length > 1 ? this.commitNow(writes, eventId) : super.write(writes, eventId);
      }
    },
  ),
  broken(
    'F9',
    'works on when it is closed',
    class extends ReferenceStore {
      override close(): Promise<void> {
        return Promise.resolve();
      }
    },
  ),
  broken(
    'F10',
    'passes the message of the driver on',
    class extends ReferenceStore {
      protected override commitNow(writes: readonly ZooWrite[], eventId: string | undefined): CommitResult {
        try {
          return super.commitNow(writes, eventId);
        } catch (cause) {
          if (cause instanceof StoreError && cause.code === 'STORE_CONFLICT') throw cause;
          throw new StoreError('STORE_IO', `cannot write ${writes[0]?.id}`, { cause });
        }
      }
    },
  ),
  broken(
    'F10',
    'quotes the key that it refuses',
    class extends ReferenceStore {
      override async load(type: string, id: string): Promise<unknown> {
        return super.load(type, id).catch((error: unknown) => {
          if (!(error instanceof StoreError) || error.code !== 'STORE_INVALID_KEY') throw error;
          throw new StoreError('STORE_INVALID_KEY', `There can be no id ${String(id)}.`);
        });
      }
    },
  ),
  broken(
    'F10',
    'loses the native error',
    class extends ReferenceStore {
      protected override commitNow(writes: readonly ZooWrite[], eventId: string | undefined): CommitResult {
        try {
          return super.commitNow(writes, eventId);
        } catch (error) {
          throw error instanceof StoreError && error.code === 'STORE_CONFLICT'
            ? error
            : new StoreError('STORE_IO', `It failed: ${typeof error}.`);
        }
      }
    },
  ),
  broken(
    'F10',
    'has a code of its own',
    class extends ReferenceStore {
      protected override commitNow(writes: readonly ZooWrite[], eventId: string | undefined): CommitResult {
        try {
          return super.commitNow(writes, eventId);
        } catch (cause) {
          throw cause instanceof StoreError && cause.code === 'STORE_CONFLICT'
            ? cause
            : new StoreError('ENOSPC' as never, 'No room.', { cause });
        }
      }
    },
  ),
  broken(
    'F11',
    'does not look at the format',
    class extends ReferenceStore {
      protected override open(): void {}
    },
  ),
];

/** Broken in ways of the groups P and H, and U6. */
export const brokenCosts: readonly BrokenStore[] = [
  broken(
    'P1',
    'writes all instances each time',
    spending((world) => (world.counters.rowsWritten += world.rows.size)),
  ),
  broken(
    'P1',
    'writes the whole file each time',
    spending(
      (world) =>
        (world.counters.bytesWritten += [...world.rows.values()].reduce(
          (sum, { text }) => sum + (text ?? '').length,
          0,
        )),
    ),
  ),
  broken(
    'P2',
    'deletes and inserts all children',
    spending((world, write) => (world.counters.rowsWritten += 2 * itemsIn(write))),
  ),
  broken(
    'P3',
    'numbers all children again',
    class extends ReferenceStore {
      protected override encode(text: string, { type, id }: ZooWrite): string {
        const idsOf = (json: string | null | undefined) =>
          (((JSON.parse(json ?? '{}') as JsonObject).items as { id: string }[] | undefined) ?? []).map(
            (item) => item.id,
          );
        const before = idsOf(this.row(type, id)?.text);
        this.world.counters.rowsWritten += idsOf(text).filter((each, i) => before[i] !== each).length;
        return text;
      }
    },
  ),
  broken(
    'P4',
    'reads all instances to load one',
    class extends ReferenceStore {
      protected override async readLoaded(type: string, id: string): Promise<Loaded | null> {
        this.world.counters.statements += this.world.rows.size;
        return super.readLoaded(type, id);
      }
    },
  ),
  broken(
    'P5',
    'reads all instances to list some',
    class extends ReferenceStore {
      protected override page(ids: readonly string[], after: string | undefined, limit: number): string[] {
        this.world.counters.statements += ids.length;
        return super.page(ids, after, limit);
      }
    },
  ),
  broken(
    'H3',
    'keeps every state',
    class extends ReferenceStore {
      protected override encode(text: string): string {
        leaks.push(JSON.parse(text));
        return text;
      }
      protected override shutdown(): void {
        leaks.length = 0;
      }
    },
  ),
  broken(
    'H4',
    'does not close its file',
    class extends ReferenceStore {
      protected override open(): void {
        openSync('/dev/null', 'r');
      }
    },
  ),
  broken(
    'U6',
    'keeps the lock when it closes',
    class extends ReferenceStore {
      protected override shutdown(): void {
        this.world.isLocked = true;
      }
    },
  ),
];
