import type { Hint } from '../../store';
import { StoreError } from '../../store-error';
import type { EndFault } from '../define-target';
import { pause } from '../turns';

/** One instance; `text` is `null` once it is removed. */
export interface ReferenceRow {
  readonly type: string;
  readonly id: string;
  readonly text: string | null;
  readonly rev: number;
}

/** The storage of the zoo: rows, events, and everything that can go wrong with them. */
export class ReferenceWorld {
  epoch: string = crypto.randomUUID();
  rows = new Map<string, ReferenceRow>();
  readonly events = new Map<string, { keys: readonly string[]; revs: readonly number[] }>();
  readonly listeners = new Set<(hint: Hint) => void>();
  readonly counters = { rowsWritten: 0, bytesWritten: 0, statements: 0 };
  /** What broken stores keep. */
  readonly scratch = new Map<string, unknown>();
  isFull = false;
  isReadonly = false;
  isLocked = false;
  failsReads = false;
  format = 1;
  #failingWrite: { at: number; how: 'once' | 'forever' } | undefined;
  #writes = 0;

  corrupt(type: string, id: string): void {
    for (const [key, row] of this.rows) {
      if (row.type === type && row.id === id) this.rows.set(key, { ...row, text: '{"torn":' });
    }
  }

  /** Set a flag until the fault ends. */
  fault(name: 'isFull' | 'isReadonly' | 'isLocked' | 'failsReads'): EndFault {
    this[name] = true;
    return () => (this[name] = false);
  }

  failWrite(nth: number, how: 'once' | 'forever'): EndFault {
    this.#writes = 0;
    this.#failingWrite = { at: nth, how };
    return () => (this.#failingWrite = undefined);
  }

  requireKnownFormat(): void {
    if (this.format > 1) throw new StoreError('STORE_SCHEMA', 'A newer version has written this.');
  }

  /** To be called before anything is read. */
  read(): void {
    this.counters.statements++;
    if (this.failsReads) throw new Error('EIO: the disk cannot be read');
  }

  /** To be called before anything is written: it is all or nothing from here. */
  write(texts: readonly string[]): void {
    for (const text of texts) {
      this.counters.statements++;
      this.counters.rowsWritten++;
      this.counters.bytesWritten += text.length;
      this.#writes++;
      const { at, how } = this.#failingWrite ?? { at: Infinity, how: 'once' };
      if (how === 'once' ? this.#writes === at : this.#writes >= at)
        throw new Error('EIO: the disk cannot be written');
    }
    const cause = new Error('native');
    if (this.isReadonly) throw new StoreError('STORE_READONLY', 'The storage cannot be written.', { cause });
    if (this.isFull) throw new StoreError('STORE_FULL', 'No room.', { cause });
  }

  /** Wait for the lock, but not for ever. */
  async unlocked(): Promise<void> {
    for (let tries = 0; this.isLocked; tries++) {
      if (tries > 20)
        throw new StoreError('STORE_BUSY', 'The lock is held.', { cause: new Error('SQLITE_BUSY') });
      await pause(2);
    }
  }
}
