import { checkRev, type CapturedWrite } from '@nasc/store-core';

/** What is known of an instance before a commit. */
export interface Before {
  readonly rev: number;
  /** False (or 0, as SQLite says it) once it is removed. */
  readonly live: boolean | number;
}

/** A row of `instances`. */
export interface Row {
  type: string;
  id: string;
  rev: number;
  /** JSON text; null once removed. */
  state: string | null;
}

/** What a commit does: the revs to answer with, and the rows to write. */
export interface Decision {
  readonly revs: number[];
  readonly rows: Row[];
}

/**
 * The rows that a commit writes. No database here: both stores read what was before, ask this, and
 * write the rows, all within one transaction, so that nothing can change in between.
 *
 * @param before for each write, the row as it is, or `undefined`.
 * @throws StoreError `STORE_CONFLICT` when an `ifRev` does not match.
 */
export function rowsOfCommit(
  writes: readonly CapturedWrite<string>[],
  before: readonly (Before | undefined)[],
): Decision {
  const rows: Row[] = [];
  const revs = writes.map((write, index) => {
    const { type, id, full } = write;
    const { rev, live } = before[index] ?? { rev: 0, live: false };
    checkRev(write, live ? rev : 0, index);
    if (full === null && !live) return 0; // There is nothing to remove: no rev is taken.
    rows.push({ type, id, rev: rev + 1, state: full });
    return rev + 1;
  });
  return { revs, rows };
}
