import { randomUUID } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import { BaseStore, captureState, StoreError } from '@nasc/store-core';

const tables = () => `
  PRAGMA busy_timeout = 5000;
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = OFF;
  BEGIN IMMEDIATE;
  CREATE TABLE IF NOT EXISTS rows (type, id, text, rev, seq, PRIMARY KEY (type, id));
  CREATE TABLE IF NOT EXISTS events (id PRIMARY KEY, keys, revs);
  CREATE TABLE IF NOT EXISTS meta (key PRIMARY KEY, value);
  INSERT OR IGNORE INTO meta VALUES ('epoch', '${randomUUID()}');
  COMMIT;`;

/**
 * A right store that several processes share, as the reference for the rules between processes: a
 * file of SQLite, in small steps of which the broken ones override one. Plain JavaScript that takes
 * the built package: other processes import it.
 */
export class ProcessStore extends BaseStore {
  capabilities = Object.freeze({
    atomic: 'multi',
    idempotency: true,
    watch: 'host',
    durability: 'relaxed',
  });
  #polling;
  #seen = 0;

  constructor(path) {
    super();
    this.path = path;
  }

  remove(type, id, options) {
    return this.removeInstance(type, id, options);
  }

  list(type, options) {
    return this.listIds(type, options, (after, limit) => this.readIds(type, after, limit));
  }

  watch(listener) {
    return this.subscribe(listener);
  }

  findEvent(eventId) {
    return this.lookUpEvent(eventId, (known) => {
      const event = this.event(known);
      return event === undefined ? undefined : JSON.parse(event.revs);
    });
  }

  open() {
    this.database = new DatabaseSync(this.path);
    this.database.exec(tables());
  }

  shutdown() {
    this.database.close();
  }

  capture(full, place) {
    return captureState(full, place);
  }

  row(type, id) {
    return this.database.prepare('SELECT * FROM rows WHERE type = ? AND id = ?').get(type, id);
  }

  epoch() {
    return this.database.prepare("SELECT value FROM meta WHERE key = 'epoch'").get().value;
  }

  async readLoaded(type, id) {
    const row = this.row(type, id);
    if (row === undefined || row.text === null) return null;
    return { state: JSON.parse(row.text), rev: row.rev, epoch: this.epoch() };
  }

  async write(writes, eventId) {
    return this.transaction(() => this.duplicate(writes, eventId) ?? this.commitNow(writes, eventId));
  }

  commitNow(writes, eventId) {
    const revs = this.writeAll(writes);
    this.remember(writes, revs, eventId);
    return { status: 'committed', revs };
  }

  /** What to answer when the event is known. */
  duplicate(writes, eventId) {
    const event = eventId === undefined ? undefined : this.event(eventId);
    if (event === undefined) return undefined;
    if (event.keys !== keysOf(writes)) {
      throw new StoreError('STORE_INVALID_ARGUMENT', 'The event was committed with other instances.');
    }
    return { status: 'duplicate', revs: JSON.parse(event.revs) };
  }

  event(eventId) {
    return this.database.prepare('SELECT * FROM events WHERE id = ?').get(JSON.stringify(eventId));
  }

  remember(writes, revs, eventId) {
    if (eventId === undefined) return;
    const insert = this.database.prepare('INSERT OR IGNORE INTO events VALUES (?, ?, ?)');
    insert.run(JSON.stringify(eventId), keysOf(writes), JSON.stringify(revs));
  }

  transaction(work) {
    this.database.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.database.exec('COMMIT');
      return result;
    } finally {
      if (this.database.isTransaction) this.database.exec('ROLLBACK');
    }
  }

  writeAll(writes) {
    for (const [index, write] of writes.entries()) this.compare(write, index);
    return writes.map((write) => this.put(write));
  }

  compare({ type, id, ifRev: expected }, index) {
    const row = this.row(type, id);
    const actual = row === undefined || row.text === null ? 0 : row.rev;
    if (expected === undefined || expected === actual) return;
    throw new StoreError('STORE_CONFLICT', 'The rev is another one.', { type, id, index, expected, actual });
  }

  put({ type, id, full }) {
    const before = this.row(type, id);
    if (full === null && (before === undefined || before.text === null)) return 0;
    const rev = (before?.rev ?? 0) + 1;
    const sql = 'INSERT OR REPLACE INTO rows SELECT ?, ?, ?, ?, coalesce(max(seq), 0) + 1 FROM rows';
    this.database.prepare(sql).run(type, id, full, rev);
    return rev;
  }

  async readIds(type, after, limit) {
    const sql = `SELECT id FROM rows WHERE type = ? AND text IS NOT NULL AND (? IS NULL OR id > ?)
      ORDER BY id LIMIT ?`;
    return this.database
      .prepare(sql)
      .all(type, after ?? null, after ?? null, limit)
      .map(({ id }) => id);
  }

  watching(active) {
    clearInterval(this.#polling);
    if (!active) return;
    this.#seen = this.database.prepare('SELECT coalesce(max(seq), 0) AS seq FROM rows').get().seq;
    this.#polling = setInterval(() => this.poll(), 5).unref();
  }

  poll() {
    for (const { type, id, rev, text, seq } of this.database
      .prepare('SELECT * FROM rows WHERE seq > ? ORDER BY seq')
      .all(this.#seen)) {
      this.#seen = seq;
      this.emit({ type, id, rev, removed: text === null });
    }
  }
}

function keysOf(writes) {
  return JSON.stringify(writes.map(({ type, id }) => [type, id]));
}
