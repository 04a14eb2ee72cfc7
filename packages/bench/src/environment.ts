import { existsSync, readFileSync, statfsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { arch, cpus, platform, release, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { durabilityPragmas, storePragmas } from './contestants/open-database.ts';
import { measureFsync, type FsyncTime } from './harness/fsync-time.ts';

/** Where it was measured, and with what. */
export interface Environment {
  readonly mode: 'full' | 'quick';
  readonly date: string;
  readonly machine: string;
  readonly system: string;
  readonly disk: string;
  /** At the end of the run. */
  readonly fsync: FsyncTime;
  readonly node: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly pragmas: Readonly<Record<string, string>>;
  readonly seconds: number;
}

const packages = [
  'better-sqlite3',
  'keyv',
  '@keyv/sqlite',
  'unstorage',
  'db0',
  'classic-level',
  'lmdb',
  'tinybench',
];

/** Names the kind of machine and never the machine. */
export function describeEnvironment(quick: boolean, folder: string, seconds: number): Environment {
  const processors = cpus();
  return {
    mode: quick ? 'quick' : 'full',
    date: new Date().toISOString().slice(0, 10),
    machine: `${processors.length} × ${processors[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB`,
    system: `${platform()} ${release().split('-')[0]}, ${arch()}`,
    disk: `the repository's disk (${fileSystemOf(folder)})`,
    fsync: measureFsync(folder),
    node: process.version,
    versions: { ...sqliteVersions(), ...Object.fromEntries(packages.map((name) => [name, versionOf(name)])) },
    pragmas: {
      fsync: durabilityPragmas.fsync.join(', '),
      relaxed: durabilityPragmas.relaxed.join(', '),
      both: storePragmas.join(', '),
    },
    seconds: Math.round(seconds),
  };
}

function sqliteVersions(): Record<string, string> {
  const database = new Database(':memory:');
  const version = database.prepare<[], string>('SELECT sqlite_version()').pluck().get() ?? 'unknown';
  database.close();
  return {
    'SQLite of better-sqlite3': version,
    'SQLite of node:sqlite (Keyv)': process.versions.sqlite ?? 'unknown',
  };
}

/** Not all of them export their package.json. */
function versionOf(name: string): string {
  const { resolve } = createRequire(import.meta.url);
  for (const folder of resolve.paths(name) ?? []) {
    const path = join(folder, name, 'package.json');
    if (existsSync(path)) return (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version;
  }
  throw new Error(`${name} is not installed in ${dirname(import.meta.url)}.`);
}

/** The numbers are Linux's, from `man 2 statfs`. */
function fileSystemOf(folder: string): string {
  const names: Record<string, string> = {
    '61267': 'ext4',
    '2435016766': 'btrfs',
    '1481003842': 'xfs',
    '2035054128': 'overlayfs',
    '16914836': 'tmpfs, where nothing is ever flushed',
  };
  const { type } = statfsSync(folder);
  return names[String(type)] ?? `file system type ${type}`;
}
