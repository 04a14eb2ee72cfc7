import { bareDriver } from './bare-driver.ts';
import { classicLevel } from './classic-level.ts';
import type { Contestant } from './contestant.ts';
import { keyvSqlite } from './keyv-sqlite.ts';
import { lmdbJs } from './lmdb-js.ts';
import { mappedStore, memoryStore, sqliteStore } from './our-stores.ts';
import { unstorageDb0 } from './unstorage-db0.ts';

/** In the order of the sheet. */
export const allContestants: readonly Contestant[] = [
  bareDriver,
  sqliteStore,
  mappedStore,
  memoryStore,
  keyvSqlite,
  unstorageDb0,
  classicLevel,
  lmdbJs,
];
