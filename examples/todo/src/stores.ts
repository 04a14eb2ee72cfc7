import type { VersionedStore } from '@nasc/store-core';
import { MemoryStore } from '@nasc/store-memory';
import { SqliteStore } from '@nasc/store-sqlite';
import { SqliteMappedStore } from '@nasc/store-sqlite-mapped';

/** The names that `STORE` may have. */
export type StoreName = 'memory' | 'sqlite' | 'mapped';

/** What a store may be made of. */
export interface StoreParts {
  /** The file that `DB` names. */
  readonly database: string;
  /** `app.schema.json` */
  readonly schema: object;
  /** `app.mapping.json` */
  readonly mapping: object;
}

/** How each store is made. */
export const STORES: Readonly<Record<StoreName, (parts: StoreParts) => VersionedStore>> = {
  memory: () => new MemoryStore(),
  sqlite: ({ database }) => new SqliteStore(database),
  mapped: ({ database, schema, mapping }) => new SqliteMappedStore(database, { schema, mapping }),
};
