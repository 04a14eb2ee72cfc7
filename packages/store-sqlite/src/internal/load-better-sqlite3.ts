import { loadOptional, StoreError } from '@nasc/store-core';
import type { SqliteDatabase } from './sqlite-database';

/** The constructor that better-sqlite3 exports. `timeout` is SQLite's busy timeout in milliseconds. */
export type SqliteDatabaseConstructor = new (
  path: string,
  options: { timeout: number; readonly: boolean; fileMustExist: boolean },
) => SqliteDatabase;

const OLDEST_NODE = 22;

/**
 * The optional peer dependency better-sqlite3.
 *
 * @throws StoreError `STORE_DEPENDENCY` that says what to install.
 */
export function loadBetterSqlite3(): SqliteDatabaseConstructor {
  if (Number.parseInt(process.versions.node, 10) < OLDEST_NODE) {
    // Loading it anyway would end the process with a segmentation fault.
    const message = `SQLite stores need Node ${OLDEST_NODE} or newer; this is ${process.versions.node}. Upgrade Node.`;
    throw new StoreError('STORE_DEPENDENCY', message);
  }
  return loadOptional({ name: 'better-sqlite3', neededFor: 'SQLite stores', from: __filename });
}
