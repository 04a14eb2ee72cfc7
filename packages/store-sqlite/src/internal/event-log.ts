import { timers, type RecordedWrite } from '@nasc/store-core';
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

  /** What a recorded event wrote, in the order of its writes; `undefined` when it is new. */
  find(eventId: string): RecordedWrite[] | undefined {
    if (!this.driver.hasRevTables) return undefined;
    const find = this.driver.prepare(FIND, 'pluck');
    const text = find.get(key(eventId), timers.steadyTime() - this.retention);
    if (text === undefined) return undefined;
    const recorded = JSON.parse(text as string) as [type: string, id: string, rev: number][];
    return recorded.map(([type, id, rev]) => ({ type, id, rev }));
  }

  /** Record an event, and forget some that are past their retention; inside a write. */
  record(eventId: string, writes: readonly RecordedWrite[]): void {
    const text = JSON.stringify(writes.map(({ type, id, rev }) => [type, id, rev]));
    const now = timers.steadyTime();
    this.driver.prepare(PRUNE).run(now - this.retention);
    this.driver.prepare(RECORD).run(key(eventId), Math.round(now), text);
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
