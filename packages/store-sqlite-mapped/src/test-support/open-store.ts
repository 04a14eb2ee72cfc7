import Database from 'better-sqlite3';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SqliteMappedStore, type SqliteMappedStoreOptions } from '../sqlite-mapped-store';
import { useTempFolder } from '@nasc/test-support';

const json = (name: string): object =>
  JSON.parse(readFileSync(join(__dirname, '../../fixtures', name), 'utf8')) as object;

/** The reference's schema and mapping. */
export const APP = { mapping: json('app.mapping.json'), schema: json('app.schema.json') };

/** Stores and connections by hand on one file per test, closed after it. Call at the top of the file. */
export function useStores(): {
  store(options?: Partial<SqliteMappedStoreOptions>): SqliteMappedStore;
  sql(): Database.Database;
} {
  const temp = useTempFolder();
  const closing: { close(): unknown }[] = [];
  afterEach(async () => {
    for (const one of closing.splice(0)) await one.close();
  });
  return {
    store(options = {}) {
      const made = new SqliteMappedStore(temp('a.db'), { ...APP, ...options });
      closing.push(made);
      return made;
    },
    sql() {
      const database = new Database(temp('a.db'));
      closing.push(database);
      return database;
    },
  };
}
