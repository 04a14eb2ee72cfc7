import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { link, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { StoreError } from '@nasc/store-core';
import { BusyWait } from './busy-wait';
import type { SqliteDatabaseConstructor } from './load-better-sqlite3';
import { hasRevTables, RENEW_EPOCH } from './rev-tables';
import type { BackupProgress, SqliteDatabase } from './sqlite-database';

/** How many pages are copied in one turn of the event loop. */
const PAGES_AT_ONCE = 100;
const MOST_PAGES = 2 ** 30;

/** Options of `backup`. */
export interface BackupOptions {
  /** Told again and again how far it is, the last time with 0 remaining. What it throws ends the backup. */
  onProgress?: ((progress: BackupProgress) => void) | undefined;
}

/** What a backup is made of. */
export interface BackupSource {
  /** The store's own connection. */
  readonly database: SqliteDatabase;
  readonly Database: SqliteDatabaseConstructor;
  /** Whether that is not the caller's: a second one may be opened on its file. */
  readonly isOwn: boolean;
  readonly busyTimeout: number;
}

/**
 * Copies a database into a new file while it is written. The copy gets its name when it is whole, has
 * an epoch of its own, and is on disk: whoever sees the name sees a database. See
 * docs/decisions/011-backup.md.
 */
export class DatabaseBackup {
  readonly #partial: string;
  #pages = PAGES_AT_ONCE;
  #remaining = Infinity;
  #patience: BusyWait;

  /**
   * @param path of the copy, absolute.
   * @param replaces whether the copy takes the place of a database, which nobody has open.
   */
  constructor(
    private readonly source: BackupSource,
    private readonly path: string,
    private readonly onProgress: BackupOptions['onProgress'],
    private readonly replaces = false,
  ) {
    this.#partial = `${path}.${randomUUID()}.partial`;
    this.#patience = new BusyWait(source.busyTimeout);
  }

  /**
   * @throws StoreError `STORE_INVALID_ARGUMENT` when there is a file of that name; `STORE_UNSUPPORTED`
   *   when a caller's `Database` has no `backup`.
   */
  async run(): Promise<void> {
    if (!this.replaces && existsSync(this.path)) throw nameIsTaken();
    try {
      await this.#copySnapshot();
      this.#giveEpoch();
      await (this.replaces ? this.#replace() : this.#publish());
      await this.#syncFolder();
    } finally {
      const leftovers = ['', '-journal', '-wal', '-shm'].map((suffix) => this.#partial + suffix);
      await Promise.all(leftovers.map((path) => rm(path, { force: true })));
    }
  }

  /** Copy what was committed at this moment; where that is not to be had, what is by the end. */
  async #copySnapshot(): Promise<void> {
    const { database, Database, isOwn } = this.source;
    const pragma = (name: string): unknown => database.pragma(name, { simple: true });
    const hasReaders = pragma('journal_mode') === 'wal' && pragma('locking_mode') !== 'exclusive';
    if (!isOwn || !hasReaders) return this.#copy(database);
    // Absolute, also when the path was not and the working directory has changed.
    const file = database.prepare(FILE).pluck().get() as string;
    const reader = new Database(file, { timeout: 0, readonly: true, fileMustExist: true });
    try {
      // An open read transaction: commits of others neither get into the copy nor make it begin anew.
      reader.exec('BEGIN');
      reader.prepare('SELECT count(*) FROM sqlite_master').get();
      await this.#copy(reader);
    } finally {
      reader.close();
    }
  }

  async #copy(database: SqliteDatabase): Promise<void> {
    if (typeof database.backup !== 'function') {
      const message = 'The Database has no method backup; make the backup with a store on its path.';
      throw new StoreError('STORE_UNSUPPORTED', message);
    }
    const { totalPages } = await database.backup(this.#partial, { progress: (now) => this.#progress(now) });
    // better-sqlite3 takes a refused lock for the end, and removes what it has copied.
    if (!existsSync(this.#partial)) throw Object.assign(new Error('locked'), { code: 'SQLITE_BUSY' });
    this.onProgress?.({ totalPages, remainingPages: 0 });
  }

  /** @returns how many pages to copy next. */
  #progress({ totalPages, remainingPages }: BackupProgress): number {
    if (remainingPages !== this.#remaining) this.#patience = new BusyWait(this.source.busyTimeout);
    else if (this.#patience.expired) throw locked();
    // Another process has written, and SQLite begins anew: with bigger steps it comes to an end.
    if (remainingPages >= this.#remaining) this.#pages = Math.min(this.#pages * 2, MOST_PAGES);
    this.#remaining = remainingPages;
    this.onProgress?.({ totalPages, remainingPages });
    return this.#pages;
  }

  #giveEpoch(): void {
    const copy = new this.source.Database(this.#partial, {
      timeout: 0,
      readonly: false,
      fileMustExist: true,
    });
    try {
      // One file, without a WAL beside it, and synced.
      copy.pragma('journal_mode = DELETE');
      copy.pragma('synchronous = FULL');
      if (hasRevTables(copy)) copy.prepare(RENEW_EPOCH).get();
    } finally {
      copy.close();
    }
  }

  /** What belonged to the earlier database goes first: it must not be played into the new one. */
  async #replace(): Promise<void> {
    for (const suffix of ['-wal', '-shm', '-journal']) await rm(this.path + suffix, { force: true });
    await rename(this.#partial, this.path);
  }

  async #publish(): Promise<void> {
    try {
      // Unlike a rename it replaces nothing.
      await link(this.#partial, this.path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST' || existsSync(this.path)) throw nameIsTaken();
      // A file system without links.
      await rename(this.#partial, this.path);
    }
  }

  async #syncFolder(): Promise<void> {
    if (process.platform === 'win32') return;
    const folder = await open(dirname(this.path));
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  }
}

const FILE = "SELECT file FROM pragma_database_list WHERE name = 'main'";

function nameIsTaken(): StoreError {
  const message =
    'A file of that name is there already, and a backup overwrites nothing. Choose another name.';
  return new StoreError('STORE_INVALID_ARGUMENT', message);
}

function locked(): StoreError {
  return new StoreError('STORE_BUSY', 'Another connection held the lock for too long; try again.');
}
