import type { StoreCapabilities } from '@nasc/store-core';
import Database from 'better-sqlite3';
import { retryWhileBusy } from './retry-while-busy.ts';

/**
 * A removed instance keeps its row, with no state: a later one goes on above its rev. STRICT, since
 * SQLite would else turn the text "1" in a column of another type into a number.
 */
const TABLES = `
  PRAGMA journal_mode = WAL;
  BEGIN IMMEDIATE;
  CREATE TABLE IF NOT EXISTS instances (
    type TEXT NOT NULL, id TEXT NOT NULL, rev INTEGER NOT NULL, state TEXT, PRIMARY KEY (type, id)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS events (
    event_id TEXT PRIMARY KEY, at INTEGER NOT NULL, done TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS events_by_time ON events (at);
  CREATE TABLE IF NOT EXISTS epoch (
    one INTEGER PRIMARY KEY CHECK (one = 1), epoch TEXT NOT NULL
  ) STRICT;
  INSERT INTO epoch VALUES (1, lower(hex(randomblob(16)))) ON CONFLICT DO NOTHING;
  COMMIT;
`;

/**
 * Open a database file with the tables of the two SQLite stores; made where they are not there.
 *
 * @param durability what is promised of an acknowledged write: `fsync`, it is on disk; `relaxed`, the
 *   system has it, and a power cut may take the last ones.
 */
export async function openDatabase(
  path: string,
  durability: StoreCapabilities['durability'],
): Promise<Database.Database> {
  const client = new Database(path, { timeout: 0 });
  try {
    client.pragma(`synchronous = ${durability === 'relaxed' ? 'NORMAL' : 'FULL'}`);
    await retryWhileBusy(() => client.exec(TABLES));
    return client;
  } catch (error) {
    client.close();
    throw error;
  }
}
