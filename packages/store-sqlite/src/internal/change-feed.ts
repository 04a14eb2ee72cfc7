import { timers, type Hint } from '@nasc/store-core';
import { isBusy } from './sqlite-error-code';
import type { SqliteStatement } from './sqlite-database';

/** How often another connection's commits are looked for, in milliseconds. */
const POLL_INTERVAL = 25;

/** How many are read in one turn of the event loop. */
const MOST_CHANGES = 1_000;

/** What the feed reads through. */
export interface FeedConnection {
  /** Whether a transaction is open on this connection. */
  readonly inTransaction: boolean;
  /** A statement, kept prepared. */
  prepare(sql: string, form?: 'object' | 'pluck'): SqliteStatement;
}

/**
 * The changes of all connections, as hints: the rows of `_nasc_revs` above the last `seq` that was
 * seen. Read after each own commit, and when `PRAGMA data_version` says that another connection
 * has committed.
 */
export class ChangeFeed {
  #seq: number | undefined;
  #version: unknown;
  #versionSql = '';
  #timer: NodeJS.Timeout | undefined;
  /** Whether there is something to tell that `data_version` does not tell. */
  #behind = false;

  constructor(
    private readonly connection: FeedConnection,
    private readonly tell: (hint: Hint) => void,
  ) {}

  /**
   * @param poll whether others can write to this database.
   * @param isShared whether they may do so by this very connection, which is the caller's.
   */
  start(poll: boolean, isShared: boolean): void {
    this.#versionSql = isShared ? SHARED_VERSION : 'PRAGMA data_version';
    this.#version = this.#dataVersion();
    this.#seq = this.connection.prepare(LAST_SEQ, 'pluck').get() as number;
    if (!poll) return;
    this.#timer = timers.setInterval(() => this.catchUp(false), POLL_INTERVAL);
    this.#timer.unref();
  }

  stop(): void {
    timers.clearInterval(this.#timer);
    this.#seq = undefined;
  }

  /**
   * Tell what has come since the last time; nothing while stopped.
   *
   * @param own whether this connection has committed, which `data_version` does not tell.
   */
  catchUp(own: boolean): void {
    try {
      this.#tellChanges(own);
    } catch (error) {
      // A lock is gone at the next tick; what else fails also fails the calls, which say so.
      if (isBusy(error)) return;
      this.stop();
      const detail = error instanceof Error ? error.message : String(error);
      process.emitWarning('store.watch() ended: the database cannot be read.', {
        code: 'NASC_WATCH_ENDED',
        detail,
      });
    }
  }

  #tellChanges(own: boolean): void {
    if (this.#seq === undefined) return;
    this.#behind ||= own;
    // A caller's own transaction, on a Database of the caller's: what it has written may be rolled back.
    if (this.connection.inTransaction) return;
    const version = this.#dataVersion();
    if (version === this.#version && !this.#behind) return;
    const rows = this.connection.prepare(CHANGES).all(this.#seq) as (Hint & {
      seq: number;
      removed: unknown;
    })[];
    for (const { type, id, rev, seq, removed } of rows) {
      this.#seq = seq;
      this.tell({ type, id, rev, removed: Boolean(removed) });
      if (this.#seq === undefined) return; // A listener has ended the watch.
    }
    if (rows.length < MOST_CHANGES) [this.#version, this.#behind] = [version, false];
    else timers.setImmediate(() => this.catchUp(true));
  }

  #dataVersion(): unknown {
    return this.connection.prepare(this.#versionSql, 'pluck').get();
  }
}

/** `data_version` says nothing of what its own connection commits. */
const SHARED_VERSION = "SELECT data_version || ':' || total_changes() FROM pragma_data_version";
const LAST_SEQ = 'SELECT coalesce(max(seq), 0) FROM _nasc_revs';

const CHANGES = `
  SELECT t.type, r.id, r.rev, r.seq, r.removed FROM _nasc_revs r JOIN _nasc_types t ON t.no = r.type
  WHERE r.seq > ? ORDER BY r.seq LIMIT ${MOST_CHANGES}`;
