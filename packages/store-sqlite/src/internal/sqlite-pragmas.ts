import { StoreError } from '@nasc/store-core';
import type { SqliteDatabase } from './sqlite-database';
import { sqliteErrorCode } from './sqlite-error-code';
import type { SqliteSettings } from './sqlite-settings';

/** SQLite before this has a bug that can corrupt a database in WAL mode. */
const OLDEST_SQLITE = [3, 51, 3];

/** @throws StoreError `STORE_DEPENDENCY` when SQLite is too old. */
export function checkVersion(database: SqliteDatabase): void {
  const version = String(database.prepare('SELECT sqlite_version()').pluck().get());
  const parts = version.split('.').map(Number);
  const difference = OLDEST_SQLITE.map((least, i) => (parts[i] ?? 0) - least).find((part) => part !== 0) ?? 0;
  if (difference >= 0) return;
  const message = `SQLite ${version} can corrupt databases in WAL mode. Upgrade: npm i better-sqlite3@latest`;
  throw new StoreError('STORE_DEPENDENCY', message);
}

/**
 * Set the pragmas of a connection of the store's own.
 *
 * @param isReadonly whether the file is known not to be writable.
 * @returns whether it is readonly, as far as that has turned out.
 * @throws StoreError `STORE_UNSUPPORTED` when the file system does not support the journal mode.
 */
export function setPragmas(
  database: SqliteDatabase,
  { pragmas, readonly }: SqliteSettings,
  isReadonly: boolean,
): boolean {
  let cannotWrite = readonly || isReadonly;
  for (const [name, value] of pragmas) {
    if (name !== 'journal_mode') database.pragma(`${name} = ${value}`);
    else if (!cannotWrite) cannotWrite = !setJournal(database, String(value));
  }
  return cannotWrite;
}

/** Statistics for the planner; a lock or a full disk is no reason to fail a close. */
export function optimize(database: SqliteDatabase): void {
  try {
    database.pragma('optimize');
  } catch (error) {
    if (sqliteErrorCode(error) === undefined) throw error;
  }
}

/** @returns false when the file cannot be written. */
function setJournal(database: SqliteDatabase, mode: string): boolean {
  const want = database.memory ? 'memory' : mode.toLowerCase();
  if (database.pragma('journal_mode', { simple: true }) === want) return true;
  try {
    const got = database.pragma(`journal_mode = ${want}`, { simple: true });
    if (got === want) return true;
    const message = `The file system does not support journal_mode=${want} (SQLite answers ${String(got)}). Move the file to a local disk, or set pragmas.journal_mode.`;
    throw new StoreError('STORE_UNSUPPORTED', message);
  } catch (error) {
    if (sqliteErrorCode(error) !== 'STORE_READONLY') throw error;
    return false;
  }
}
