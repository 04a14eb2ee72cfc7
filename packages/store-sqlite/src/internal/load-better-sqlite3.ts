import { createRequire } from 'node:module';
import { join } from 'node:path';
import { StoreError } from '@nasc/store-core';
import type { SqliteDatabase } from './sqlite-database';

/** The constructor that better-sqlite3 exports. `timeout` is SQLite's busy timeout in milliseconds. */
export type SqliteDatabaseConstructor = new (
  path: string,
  options: { timeout: number; readonly: boolean; fileMustExist: boolean },
) => SqliteDatabase;

const OLDEST_NODE = 22;

/**
 * The optional peer dependency, looked up beside this package first, then from the application's
 * root (the working directory).
 *
 * @param from the files from which to look; for tests.
 * @throws StoreError `STORE_DEPENDENCY` with the install command.
 */
export function loadBetterSqlite3(
  from: readonly string[] = [__filename, join(process.cwd(), 'package.json')],
): SqliteDatabaseConstructor {
  if (Number.parseInt(process.versions.node, 10) < OLDEST_NODE) {
    // Loading it anyway would end the process with a segmentation fault.
    const message = `SQLite stores need Node ${OLDEST_NODE} or newer; this is ${process.versions.node}. Upgrade Node.`;
    throw new StoreError('STORE_DEPENDENCY', message);
  }
  let cause: unknown;
  for (const place of from) {
    try {
      return createRequire(place)('better-sqlite3') as SqliteDatabaseConstructor;
    } catch (error) {
      // A copy that is there but does not load tells more than one that is not there.
      if (cause === undefined || !isNotFound(error)) cause = error;
    }
  }
  const message = isNotFound(cause)
    ? 'SQLite stores need the package better-sqlite3. Install it: npm i better-sqlite3'
    : 'better-sqlite3 is installed but does not load (see the cause). Install it anew for this Node: npm i better-sqlite3';
  throw new StoreError('STORE_DEPENDENCY', message, { cause });
}

function isNotFound(error: unknown): boolean {
  const { code, message } = Object(error) as { code?: unknown; message?: unknown };
  return code === 'MODULE_NOT_FOUND' && String(message).includes("'better-sqlite3'");
}
