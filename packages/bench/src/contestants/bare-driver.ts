import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Contestant } from './contestant.ts';
import { openDatabase } from './open-database.ts';

/**
 * The limit: nothing but the driver. One prepared upsert per write, which SQLite wraps in a transaction of
 * its own, the cheapest there is.
 */
export const bareDriver: Contestant = {
  name: 'bare better-sqlite3',
  setups: {
    readme: { how: 'journal_mode=WAL; its build of SQLite then has synchronous=NORMAL' },
    fsync: { how: 'WAL, synchronous=FULL, and the other pragmas of the stores' },
    relaxed: { how: 'WAL, synchronous=NORMAL, and the other pragmas of the stores' },
  },
  async open(folder, setup) {
    const database = setup === 'readme' ? asReadme(folder) : openDatabase(folder, setup);
    database.exec('CREATE TABLE IF NOT EXISTS TodoLists (id TEXT PRIMARY KEY, data TEXT)');
    const upsert = database.prepare(
      'INSERT INTO TodoLists (id, data) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET data = excluded.data',
    );
    const select = database.prepare<[string], string>('SELECT data FROM TodoLists WHERE id = ?').pluck();
    return {
      isAsync: false,
      write: (id, state) => upsert.run(id, JSON.stringify(state)),
      read: (id) => JSON.parse(select.get(id) ?? 'null') as unknown,
      close: () => database.close(),
    };
  },
};

function asReadme(folder: string): Database.Database {
  const database = new Database(join(folder, 'bare.db'));
  database.pragma('journal_mode = WAL');
  return database;
}
