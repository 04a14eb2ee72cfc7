import type { StoreErrorCode } from '@nasc/store-core';

const CODES: Record<string, StoreErrorCode> = {
  SQLITE_BUSY: 'STORE_BUSY',
  SQLITE_LOCKED: 'STORE_BUSY',
  SQLITE_FULL: 'STORE_FULL',
  SQLITE_READONLY: 'STORE_READONLY',
  SQLITE_CORRUPT: 'STORE_CORRUPT',
  SQLITE_NOTADB: 'STORE_CORRUPT',
};

/** What an error of better-sqlite3 means to a store; `undefined` where that is nothing special. */
export function sqliteErrorCode(error: unknown): StoreErrorCode | undefined {
  const { code } = Object(error) as { code?: unknown };
  // Extended codes, such as SQLITE_BUSY_SNAPSHOT, begin with the one that they refine.
  return CODES[/^SQLITE_[A-Z]+/.exec(String(code))?.[0] ?? ''];
}
