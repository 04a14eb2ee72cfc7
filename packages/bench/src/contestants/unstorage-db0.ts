import { join } from 'node:path';
import type Database from 'better-sqlite3';
import { createDatabase } from 'db0';
import sqlite from 'db0/connectors/better-sqlite3';
import { createStorage, type StorageValue } from 'unstorage';
import dbDriver from 'unstorage/drivers/db0';
import type { Contestant } from './contestant.ts';
import { durabilityPragmas } from './open-database.ts';

/**
 * unstorage with its db0 driver on db0's better-sqlite3 connector. It sets no pragma: a rollback journal,
 * synchronous=FULL. Others go through the connector's own Database, `getInstance()`.
 */
export const unstorageDb0: Contestant = {
  name: 'unstorage',
  setups: {
    readme: { how: 'dbDriver({ database: createDatabase(sqlite(…)) }): rollback journal, synchronous=FULL' },
    fsync: { how: 'WAL and synchronous=FULL through getInstance()' },
    relaxed: { how: 'WAL and synchronous=NORMAL through getInstance()' },
  },
  async open(folder, setup) {
    const database = createDatabase(sqlite({ path: join(folder, 'unstorage.sqlite3') }));
    if (setup !== 'readme') {
      const handle = (await database.getInstance()) as Database.Database;
      for (const pragma of durabilityPragmas[setup]) handle.pragma(pragma);
    }
    const storage = createStorage({ driver: dbDriver({ database }) });
    return {
      isAsync: true,
      write: (id, state) => storage.setItem(id, state as StorageValue),
      read: (id) => storage.getItem(id) as Promise<unknown>,
      close: async () => {
        await storage.dispose();
        await database.dispose();
      },
    };
  },
};
