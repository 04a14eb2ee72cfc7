import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Setup } from '../setup.ts';

/** The pragmas of the SQLite stores that bear on speed; the same for the bare driver. */
export const storePragmas = [
  'foreign_keys=ON',
  'journal_size_limit=67108864',
  'cache_size=-16000',
  'temp_store=MEMORY',
  'mmap_size=0',
  'trusted_schema=OFF',
] as const;

/** What equal durability is in SQLite. */
export const durabilityPragmas: Readonly<Record<Exclude<Setup, 'readme'>, readonly string[]>> = {
  fsync: ['journal_mode=WAL', 'synchronous=FULL'],
  relaxed: ['journal_mode=WAL', 'synchronous=NORMAL'],
};

/** A connection of better-sqlite3 with the pragmas that the stores set. */
export function openDatabase(folder: string, setup: Exclude<Setup, 'readme'>): Database.Database {
  const database = new Database(join(folder, 'bare.db'));
  for (const pragma of [...durabilityPragmas[setup], ...storePragmas]) database.pragma(pragma);
  return database;
}
