import Database from 'better-sqlite3';
import { existsSync } from 'node:fs';
import { SqliteStore } from '@nasc/store-sqlite';
import type { CrashTarget } from './crash-child';

/** The built `SqliteStore`, for crash-child.ts. */
const target: CrashTarget = {
  open: (location) => new SqliteStore(location, { durability: 'fsync' }),
  verify(location) {
    if (!existsSync(location)) return [];
    const database = new Database(location);
    try {
      const found = database.pragma('integrity_check', { simple: true });
      return found === 'ok' ? [] : [`integrity_check: ${String(found)}`];
    } finally {
      database.close();
    }
  },
};

export default target;
