import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { StoreError } from '@nasc/store-core';
import type { SqliteDatabaseConstructor } from './load-better-sqlite3';
import type { SqliteDatabase } from './sqlite-database';

/**
 * Open a file, or `':memory:'`; it waits for no lock.
 *
 * @throws StoreError `STORE_IO` that says what is wrong with the path.
 */
export function openFile(
  Database: SqliteDatabaseConstructor,
  path: string,
  readonly: boolean,
): SqliteDatabase {
  try {
    return new Database(path, { timeout: 0, readonly, fileMustExist: readonly });
  } catch (cause) {
    // better-sqlite3 looks for the folder itself; SQLite says no more than that it cannot.
    const isAboutPath =
      codeOf(cause).startsWith('SQLITE_CANTOPEN') || String(cause).includes('directory does not exist');
    if (!isAboutPath) throw cause;
    throw new StoreError(
      'STORE_IO',
      `Cannot open the database ${JSON.stringify(path)}: ${reasonOf(path, readonly)}`,
      { cause },
    );
  }
}

/**
 * What a database in WAL mode means that can be read only by those who can write beside it.
 *
 * @param path of the file.
 * @returns the error itself when it means something else.
 */
export function explainUnreadable(error: unknown, path: string): unknown {
  const kind = /^SQLITE_(READONLY|CANTOPEN)/.exec(codeOf(error))?.[1];
  if (kind === undefined || isWritable(dirname(path))) return error;
  const message =
    'The database is in WAL mode: who reads it needs its files -wal and -shm, or a folder where they can be made. Make the folder writable, or read a copy that was made by backup().';
  return new StoreError(kind === 'READONLY' ? 'STORE_READONLY' : 'STORE_IO', message, { cause: error });
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function reasonOf(path: string, readonly: boolean): string {
  if (path.startsWith('file:')) return 'it takes a path, not a URL; see url.fileURLToPath.';
  if (!existsSync(dirname(path))) return 'its folder does not exist; create it.';
  if (!existsSync(path))
    return readonly
      ? 'there is no such file to be read.'
      : 'it cannot be created; check the permissions of its folder.';
  if (statSync(path).isDirectory()) return 'it is a folder; pass the path of a file.';
  return 'check the permissions of the file and its folder.';
}

function codeOf(error: unknown): string {
  const { code } = Object(error) as { code?: unknown };
  return typeof code === 'string' ? code : '';
}
