import { StoreError } from '@nasc/store-core';
import type { SqliteDriver } from './sqlite-driver';

/** How many old event ids a commit that records one forgets at the most. */
const PRUNED_AT_ONCE = 10;

/** The event ids that were committed, in the database, in the transaction of what they did. */
export class EventLog {
  /** @param retention how long an event id is remembered, in milliseconds. */
  constructor(
    private readonly driver: SqliteDriver,
    private readonly retention: number,
  ) {}

  /**
   * The revs that a recorded event gave to these instances; `undefined` when it is new.
   *
   * @throws StoreError `STORE_INVALID_ARGUMENT` when it was of other instances.
   */
  find(eventId: string, instances: readonly { type: string; id: string }[]): number[] | undefined {
    if (!this.driver.hasRevTables) return undefined;
    const text = this.driver
      .prepare(FIND, 'pluck')

      .get(key(eventId), Date.now() - this.retention);
    if (text === undefined) return undefined;
    const recorded = JSON.parse(text as string) as [type: string, id: string, rev: number][];
    const revs = instances.map(
      ({ type, id }) => recorded.find((one) => one[0] === type && one[1] === id)?.[2],
    );
    if (revs.length === recorded.length && revs.every((rev) => rev !== undefined)) return revs;
    const message = 'This eventId was committed with other instances; use a new one for a new event.';
    throw new StoreError('STORE_INVALID_ARGUMENT', message);
  }

  /** Record an event, and forget some that are past their retention; inside a write. */
  record(eventId: string, instances: readonly { type: string; id: string }[], revs: readonly number[]): void {
    const writes = instances.map(({ type, id }, i) => [type, id, revs[i]]);
    const now = Date.now();
    this.driver.prepare(PRUNE).run(now - this.retention);
    this.driver.prepare(RECORD).run(key(eventId), now, JSON.stringify(writes));
  }
}

/** Text that UTF-8 can hold: JSON escapes lone surrogates, which SQLite would replace. */
function key(eventId: string): string {
  return JSON.stringify(eventId);
}

const FIND = 'SELECT writes FROM _nasc_events WHERE event = ? AND at >= ?';
const RECORD = 'INSERT OR REPLACE INTO _nasc_events (event, at, writes) VALUES (?, ?, ?)';
const PRUNE = `
  DELETE FROM _nasc_events WHERE event IN
    (SELECT event FROM _nasc_events WHERE at < ? ORDER BY at LIMIT ${PRUNED_AT_ONCE})`;
