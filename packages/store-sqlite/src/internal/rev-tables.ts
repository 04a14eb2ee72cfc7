import { StoreError } from '@nasc/store-core';
import { quoteIdentifier as quote } from './quote-identifier';
import type { SqliteDatabase } from './sqlite-database';

/** The version of the layout below. A newer one is refused. */
export const FORMAT = 1;

/**
 * Our own tables, beside the user's and never in their columns.
 *
 * - `_nasc_meta`: `format`, `epoch`, and `floor`, the highest rev of a record that was pruned.
 * - `_nasc_types`: which table holds a type.
 * - `_nasc_revs`: the rev of each instance, its removal included; kept right by triggers, whoever
 *   writes. No record means rev 1. `seq` rises with every change in the database.
 * - `_nasc_marks`: at which time `seq` had come how far, to tell how old the record of a removal is.
 * - `_nasc_events`: the event ids that were committed, with what they did.
 */
const TABLES = `
  CREATE TABLE _nasc_meta (key TEXT PRIMARY KEY NOT NULL, value) WITHOUT ROWID;
  CREATE TABLE _nasc_types (
    no INTEGER PRIMARY KEY, type TEXT NOT NULL UNIQUE, tbl TEXT NOT NULL UNIQUE COLLATE NOCASE
  );
  CREATE TABLE _nasc_revs (
    type INTEGER NOT NULL, id TEXT NOT NULL, rev INTEGER NOT NULL, seq INTEGER NOT NULL,
    removed INTEGER NOT NULL, PRIMARY KEY (type, id)
  ) WITHOUT ROWID;
  CREATE UNIQUE INDEX _nasc_revs_seq ON _nasc_revs (seq);
  CREATE INDEX _nasc_revs_removed ON _nasc_revs (seq) WHERE removed = 1;
  CREATE TABLE _nasc_marks (seq INTEGER PRIMARY KEY NOT NULL, at INTEGER NOT NULL);
  CREATE TABLE _nasc_events (
    event TEXT PRIMARY KEY NOT NULL, at INTEGER NOT NULL, writes TEXT NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX _nasc_events_at ON _nasc_events (at);
  INSERT INTO _nasc_meta VALUES ('format', ${FORMAT}), ('floor', 0);
  INSERT INTO _nasc_meta VALUES ('epoch', lower(hex(randomblob(16))));
`;

/**
 * Whether the database has our tables.
 *
 * @throws StoreError `STORE_SCHEMA` when a newer version of the package wrote them.
 */
export function hasRevTables(database: SqliteDatabase): boolean {
  const table = database.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = '_nasc_meta'");
  if (table.get() === undefined) return false;
  const statement = database.prepare("SELECT value FROM _nasc_meta WHERE key = 'format'");
  const format = statement.safeIntegers(false).pluck().get();
  if (format === FORMAT) return true;
  const message = `The database has format ${String(format)}, this version of the store reads ${FORMAT}; upgrade the package.`;
  throw new StoreError('STORE_SCHEMA', message);
}

/** Make our tables; inside a transaction. */
export function createRevTables(database: SqliteDatabase): void {
  database.exec(TABLES);
}

/** Gives the database an epoch that it never had. */
export const RENEW_EPOCH =
  "UPDATE _nasc_meta SET value = lower(hex(randomblob(16))) WHERE key = 'epoch' RETURNING value";

/** The next number of a change in the database. */
export const NEXT_SEQ = '(SELECT coalesce(max(seq), 0) + 1 FROM _nasc_revs)';
/** The rev of an instance that has no record and is created now. */
export const FIRST_REV = "(SELECT value + 1 FROM _nasc_meta WHERE key = 'floor')";

/**
 * The triggers that keep the revs of one table's rows. They count the store's own writes too, each
 * statement on a row once, and everybody else's: an older program's, or SQL by hand.
 *
 * @param no the type's number in `_nasc_types`.
 */
export function revTriggers(no: number, table: string): { name: string; sql: string }[] {
  const record = (id: string, rev: string, removed: 0 | 1): string => `
    INSERT INTO _nasc_revs (type, id, rev, seq, removed) VALUES (${no}, ${id}, ${rev}, ${NEXT_SEQ}, ${removed})
    ON CONFLICT (type, id) DO UPDATE SET rev = rev + 1, seq = excluded.seq, removed = ${removed};`;
  const bodies = {
    // REPLACE fires no DELETE trigger: the row that it is about to take away gets its record here.
    before_insert: `BEFORE INSERT ON ${quote(table)}
      WHEN EXISTS (SELECT 1 FROM ${quote(table)} WHERE id = NEW.id)
        AND NOT EXISTS (SELECT 1 FROM _nasc_revs WHERE type = ${no} AND id = NEW.id)
      BEGIN ${record('NEW.id', '1', 0)} END`,
    insert: `AFTER INSERT ON ${quote(table)} WHEN NEW.id IS NOT NULL BEGIN ${record('NEW.id', FIRST_REV, 0)} END`,
    update: `AFTER UPDATE ON ${quote(table)} WHEN NEW.id IS OLD.id AND NEW.id IS NOT NULL
      BEGIN ${record('NEW.id', '2', 0)} END`,
    update_from: `AFTER UPDATE ON ${quote(table)} WHEN NEW.id IS NOT OLD.id AND OLD.id IS NOT NULL
      BEGIN ${record('OLD.id', '2', 1)} END`,
    update_to: `AFTER UPDATE ON ${quote(table)} WHEN NEW.id IS NOT OLD.id AND NEW.id IS NOT NULL
      BEGIN ${record('NEW.id', `max(2, ${FIRST_REV})`, 0)} END`,
    delete: `AFTER DELETE ON ${quote(table)} WHEN OLD.id IS NOT NULL BEGIN ${record('OLD.id', '2', 1)} END`,
  };
  return Object.entries(bodies).map(([event, body]) => {
    const name = `_nasc_${no}_${event}`;
    return { name, sql: `CREATE TRIGGER IF NOT EXISTS ${quote(name)} ${body}` };
  });
}
