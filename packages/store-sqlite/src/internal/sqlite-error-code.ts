import type { StoreErrorCode } from '@nasc/store-core';

/** SQLite's primary result codes, and one extended one, and what they mean to a store. */
const CODES: Record<string, StoreErrorCode> = {
  SQLITE_BUSY: 'STORE_BUSY',
  SQLITE_LOCKED: 'STORE_BUSY',
  SQLITE_PROTOCOL: 'STORE_BUSY',
  SQLITE_FULL: 'STORE_FULL',
  // No room for the -shm file.
  SQLITE_IOERR_SHMSIZE: 'STORE_FULL',
  SQLITE_READONLY: 'STORE_READONLY',
  SQLITE_CORRUPT: 'STORE_CORRUPT',
  SQLITE_NOTADB: 'STORE_CORRUPT',
  SQLITE_TOOBIG: 'STORE_INVALID_STATE',
  SQLITE_CONSTRAINT: 'STORE_SCHEMA',
};

/**
 * What an error of better-sqlite3 means; `undefined` when it is none of SQLite's own, or one that
 * has no code of its own here. Extended codes (`SQLITE_BUSY_SNAPSHOT`) count as their primary one.
 */
export function sqliteErrorCode(error: unknown): StoreErrorCode | undefined {
  const { code } = Object(error) as { code?: unknown };
  if (typeof code !== 'string') return undefined;
  return CODES[code] ?? CODES[/^SQLITE_[A-Z]+/.exec(code)?.[0] ?? ''];
}

/** Whether another connection holds the lock: worth trying again. */
export function isBusy(error: unknown): boolean {
  return sqliteErrorCode(error) === 'STORE_BUSY';
}

/** Whether the disk failed. */
export function isIoError(error: unknown): boolean {
  const { code } = Object(error) as { code?: unknown };
  return typeof code === 'string' && code.startsWith('SQLITE_IOERR');
}
