import { timers } from '@nasc/store-core';
import type { SqliteDriver } from './sqlite-driver';

/** How many records a commit forgets at the most, besides two for each instance that it writes. */
const PRUNED_AT_ONCE = 20;
/** How many marks the retention is divided into: a record stays up to this part of it longer. */
const MARKS = 32;
/** How often a handle looks, in milliseconds, when nothing is left to forget. */
const LOOK_INTERVAL = 1_000;

/**
 * Forgets the records of instances that were removed long ago. When that was, `_nasc_marks` tells:
 * each says that at a time the changes had come to a `seq`. What is forgotten raises the floor that
 * later instances start above, so that no rev is used twice. See docs/decisions/012-retention.md.
 */
export class Tombstones {
  #lastLook = -Infinity;

  readonly #lookInterval: number;

  /** @param retention how long a record is kept, in milliseconds. */
  constructor(
    private readonly driver: SqliteDriver,
    private readonly retention: number,
  ) {
    this.#lookInterval = Math.min(LOOK_INTERVAL, retention / MARKS);
  }

  /**
   * Forget some records that are past their retention; inside a write, after its last statement.
   *
   * @param written how many instances the write has written.
   * @param removes whether it has removed one, whose time must be known.
   */
  prune(written: number, removes: boolean): void {
    const now = Math.round(timers.steadyTime());
    // The clock may have been set back, here and below.
    const isDue = removes || Math.abs(now - this.#lastLook) >= this.#lookInterval;
    if (!isDue || this.retention === Infinity) return;
    const limit = PRUNED_AT_ONCE + 2 * written;
    const pruned = this.#pruneUpTo(now - this.retention, limit);
    this.#mark(now);
    this.#lastLook = pruned < limit ? now : -Infinity;
  }

  /** @returns how many were forgotten. */
  #pruneUpTo(time: number, limit: number): number {
    const seq = this.driver.prepare(MARK_BEFORE, 'pluck').get(time);
    if (seq === null) return 0;
    const revs = this.driver.prepare(PRUNE, 'pluck').all(seq, limit) as number[];
    if (revs.length > 0) this.driver.prepare(RAISE_FLOOR).run(Math.max(...revs));
    this.driver.prepare(DROP_MARKS).run(seq);
    return revs.length;
  }

  /** The last mark moves on with the changes, while it is close enough to the one before it. */
  #mark(now: number): void {
    const [last, before] = this.driver.prepare(LAST_MARKS).all() as { seq: number; at: number }[];
    if (last && before && Math.abs(now - before.at) < this.retention / MARKS) {
      this.driver.prepare(MOVE_MARK).run(now, last.seq);
    } else {
      this.driver.prepare(ADD_MARK).run(now);
    }
  }
}

const MARK_BEFORE = 'SELECT max(seq) FROM _nasc_marks WHERE at <= ?';
const LAST_MARKS = 'SELECT seq, at FROM _nasc_marks ORDER BY seq DESC LIMIT 2';
const ADD_MARK =
  'INSERT OR IGNORE INTO _nasc_marks (seq, at) SELECT coalesce(max(seq), 0), ? FROM _nasc_revs';
const MOVE_MARK = `
  UPDATE _nasc_marks SET seq = last, at = ? FROM (SELECT max(seq) AS last FROM _nasc_revs) WHERE seq = ? AND seq < last`;
const DROP_MARKS = 'DELETE FROM _nasc_marks WHERE seq < ?';
/** The last change keeps its record, or `seq` would go back; and so does what is being written. */
const PRUNE = `
  DELETE FROM _nasc_revs WHERE (type, id) IN (
    SELECT type, id FROM _nasc_revs
    WHERE removed = 1 AND seq <= ? AND seq < (SELECT max(seq) FROM _nasc_revs) ORDER BY seq LIMIT ?
  ) RETURNING rev`;
const RAISE_FLOOR = "UPDATE _nasc_meta SET value = max(value, ?) WHERE key = 'floor'";
