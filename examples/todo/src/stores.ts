import type { VersionedStore } from '@nasc/store-core';
import { MemoryStore } from '@nasc/store-memory';
import { SqliteStore } from '@nasc/store-sqlite';

/** The names that `STORE` may have. */
export type StoreName = 'memory' | 'sqlite';

/** How each store is made, given the file that `DB` names. */
export const STORES: Readonly<Record<StoreName, (database: string) => VersionedStore>> = {
  memory: () => new MemoryStore(),
  sqlite: (database) => new SqliteStore(database),
};
