import { existsSync } from 'node:fs';
import { StoreError } from '@nasc/store-core';
import { DatabaseBackup, type BackupOptions } from './database-backup';
import type { SqliteDatabaseConstructor } from './load-better-sqlite3';
import { hasRevTables } from './rev-tables';
import type { SqliteDatabase } from './sqlite-database';
import { isBusy, sqliteErrorCode } from './sqlite-error-code';
import { isStaleWal } from './stale-wal';

/**
 * Put a copy of a database into the place of another one, with a new epoch. The WAL of the earlier one goes.
 *
 * @param path of the database to be replaced, absolute; it need not be there.
 * @param from the file to be restored, absolute.
 * @throws StoreError `STORE_INVALID_ARGUMENT` when there is no such file; `STORE_BUSY` when somebody has the
 *   database open; `STORE_CORRUPT` or `STORE_SCHEMA` when the file cannot be used: nothing is changed then.
 */
export async function restoreDatabase(
  Database: SqliteDatabaseConstructor,
  path: string,
  from: string,
  { busyTimeout, onProgress }: BackupOptions & { readonly busyTimeout: number },
): Promise<void> {
  if (path === from)
    throw new StoreError('STORE_INVALID_ARGUMENT', 'A database cannot be restored from itself.');
  if (!existsSync(from)) {
    throw new StoreError(
      'STORE_INVALID_ARGUMENT',
      `There is no file ${JSON.stringify(from)} to restore from.`,
    );
  }
  const backup = new Database(from, { timeout: 0, readonly: true, fileMustExist: true });
  let earlier: SqliteDatabase | undefined;
  try {
    requireWhole(backup);
    earlier = lockAlone(Database, path);
    const source = { database: backup, Database, isOwn: false, busyTimeout };
    await new DatabaseBackup(source, path, onProgress, true).run();
  } finally {
    backup.close();
    earlier?.close();
  }
}

/** @throws StoreError when the file is of a newer format, or cannot be read. */
function requireWhole(backup: SqliteDatabase): void {
  hasRevTables(backup);
  const answer = backup.pragma('quick_check(1)', { simple: true });
  if (answer === 'ok') return;
  throw new StoreError('STORE_CORRUPT', `The file to restore from is damaged (${String(answer)}).`);
}

/** Keep everybody from opening the database until it is replaced. */
function lockAlone(Database: SqliteDatabaseConstructor, path: string): SqliteDatabase | undefined {
  // SQLite would play the WAL of another database into this one.
  if (!existsSync(path) || isStaleWal(path)) return undefined;
  const earlier = new Database(path, { timeout: 0, readonly: false, fileMustExist: true });
  try {
    // Needs to be the only connection, of all processes.
    earlier.pragma('journal_mode = DELETE');
    earlier.exec('BEGIN EXCLUSIVE');
    return earlier;
  } catch (error) {
    earlier.close();
    // A damaged one is what people restore for.
    if (sqliteErrorCode(error) === 'STORE_CORRUPT') return undefined;
    if (!isBusy(error)) throw error;
    const message =
      'The database is open elsewhere. Stop every process and close every handle that uses it, then restore.';
    throw new StoreError('STORE_BUSY', message, { cause: error });
  }
}
