import { resolve } from 'node:path';
import { checkOptions, type StoreCapabilities } from '@nasc/store-core';
import { isSqliteDatabase, type SqliteDatabase } from './sqlite-database';

/** What every SQLite store can be told. */
export interface SqliteOptions {
  /**
   * When a write is acknowledged: `'fsync'` (default) when it is on disk; `'relaxed'` when it is
   * handed to the operating system: a crash of the process loses nothing, a power cut may lose the
   * last commits, never the order or the consistency. Of a caller's `Database` it is read.
   */
  durability?: 'fsync' | 'relaxed' | undefined;
  /** How long to wait for another connection's lock, in milliseconds. Default 5,000. */
  busyTimeout?: number | undefined;
  /** How long an event id is remembered, in milliseconds. Default: seven days. */
  eventRetention?: number | undefined;
  /**
   * How long the record of a removed instance is kept, in milliseconds, at least 1,000: watchers must
   * hear of it. Default: thirty days. Once it is forgotten, an instance that is created anew starts
   * above all revs that were forgotten.
   */
  tombstoneRetention?: number | undefined;
  /** Open the file for reading only. Default false; a file that cannot be written is noticed. */
  readonly?: boolean | undefined;
  /** Pragmas of the connection that differ from ours, for example `{ cache_size: -64000 }`. */
  pragmas?: Readonly<Record<string, string | number>> | undefined;
}

/** The options, checked, with their defaults. */
export interface SqliteSettings {
  readonly busyTimeout: number;
  readonly eventRetention: number;
  readonly tombstoneRetention: number;
  readonly readonly: boolean;
  /** In the order in which they are set; only for a connection that is the store's own. */
  readonly pragmas: ReadonlyMap<string, string | number>;
  readonly capabilities: StoreCapabilities;
}

/**
 * @param more names of the options that the store adds.
 * @throws TypeError naming the invalid or unknown option.
 */
export function sqliteSettings(
  source: string | SqliteDatabase,
  options: SqliteOptions,
  more: readonly string[],
): SqliteSettings {
  checkSource(source);
  checkOptions(options, [...OPTIONS, ...more]);
  const {
    durability = 'fsync',
    busyTimeout = 5_000,
    eventRetention = 7 * DAY,
    tombstoneRetention = 30 * DAY,
    readonly = false,
  } = options;
  if (durability !== 'fsync' && durability !== 'relaxed') {
    throw new TypeError("durability must be 'fsync' or 'relaxed'.");
  }
  if (typeof readonly !== 'boolean') throw new TypeError('readonly must be true or false.');
  checkMilliseconds('busyTimeout', busyTimeout);
  checkMilliseconds('eventRetention', eventRetention);
  checkMilliseconds('tombstoneRetention', tombstoneRetention, 1_000);
  const pragmas = mergePragmas(durability, options.pragmas ?? {});
  const memory = typeof source === 'string' ? source === ':memory:' : source.memory;
  return {
    busyTimeout,
    eventRetention,
    tombstoneRetention,
    readonly,
    pragmas,
    capabilities: Object.freeze({
      atomic: 'multi',
      idempotency: true,
      watch: memory ? 'process' : 'host',
      durability: memory ? 'none' : durabilityOf(typeof source === 'string' ? pragmas : readPragmas(source)),
    }),
  };
}

const OPTIONS = [
  'durability',
  'busyTimeout',
  'eventRetention',
  'tombstoneRetention',
  'readonly',
  'pragmas',
] satisfies (keyof SqliteOptions)[];

const DAY = 24 * 3_600_000;

/** In this order: the lock first, then the journal, then how it is synced. */
function mergePragmas(
  durability: 'fsync' | 'relaxed',
  own: Readonly<Record<string, string | number>>,
): Map<string, string | number> {
  const merged = new Map<string, string | number>([
    ['busy_timeout', 0],
    ['journal_mode', 'WAL'],
    ['synchronous', durability === 'fsync' ? 'FULL' : 'NORMAL'],
    ...(durability === 'fsync' && process.platform === 'darwin' ? ([['fullfsync', 'ON']] as const) : []),
    ['foreign_keys', 'ON'],
    ['journal_size_limit', 67_108_864],
    ['cache_size', -16_000],
    ['temp_store', 'MEMORY'],
    ['mmap_size', 0],
    ['trusted_schema', 'OFF'],
  ]);
  for (const [name, value] of Object.entries(own)) {
    if (!/^[a-z_]+$/.test(name) || !/^-?\w+$/.test(String(value))) {
      throw new TypeError(`pragmas.${name} must be a lower-case pragma name with a number or a word.`);
    }
    if (name === 'synchronous' && !Object.values(SYNCHRONOUS).flat().includes(String(value).toUpperCase())) {
      throw new TypeError('pragmas.synchronous must be OFF, NORMAL, FULL or EXTRA.');
    }
    merged.set(name, value);
  }
  return merged;
}

function readPragmas(database: SqliteDatabase): Map<string, string | number> {
  const names = ['journal_mode', 'synchronous'];
  return new Map(names.map((name) => [name, database.pragma(name, { simple: true }) as string | number]));
}

/** What the journal and the syncing promise: see https://sqlite.org/pragma.html#pragma_synchronous */
function durabilityOf(pragmas: ReadonlyMap<string, string | number>): StoreCapabilities['durability'] {
  const journal = String(pragmas.get('journal_mode')).toUpperCase();
  const synchronous = String(pragmas.get('synchronous')).toUpperCase();
  if (SYNCHRONOUS.none.includes(synchronous) || ['OFF', 'MEMORY'].includes(journal)) return 'none';
  return SYNCHRONOUS.relaxed.includes(synchronous) ? 'relaxed' : 'fsync';
}

/** What `PRAGMA synchronous` takes; it takes any other word for one of these without a word. */
const SYNCHRONOUS = {
  none: ['OFF', '0', 'NO', 'FALSE'],
  relaxed: ['NORMAL', '1', 'ON', 'YES', 'TRUE'],
  fsync: ['FULL', '2', 'EXTRA', '3'],
};

/** A path as it is meant where the store is made, however the working directory changes. */
export function resolveSource<T>(source: string | T): string | T {
  return typeof source === 'string' && source !== ':memory:' ? resolve(source) : source;
}

function checkSource(source: unknown): void {
  if (isSqliteDatabase(source)) {
    if (!source.open) throw new TypeError('The Database is closed; pass an open one, or a path.');
  } else if (typeof source !== 'string' || source === '' || source.includes('\0')) {
    throw new TypeError("Pass the path of a file, ':memory:', or a Database of better-sqlite3.");
  } else if (source !== source.trimEnd()) {
    const message = `The path ${JSON.stringify(source)} ends with a blank, which better-sqlite3 would cut off. Remove it.`;
    throw new TypeError(message);
  } else if (/^[a-z][a-z\d+.-]+:/i.test(source)) {
    const advice = source.startsWith('file:')
      ? 'Use url.fileURLToPath() for a file URL'
      : `Leave out the scheme: ${JSON.stringify(source.replace(/^[^:]*:(\/\/)?/, ''))}`;
    const message = `${JSON.stringify(source)} looks like a URL, and the store takes a path. ${advice}, or begin with ./ for a file of that name.`;
    throw new TypeError(message);
  }
}

function checkMilliseconds(name: string, value: unknown, least = 0): void {
  if (typeof value !== 'number' || !(value >= least)) {
    throw new TypeError(`${name} must be a number of milliseconds, at least ${least}.`);
  }
}
