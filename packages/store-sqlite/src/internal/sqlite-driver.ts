import { randomUUID } from 'node:crypto';
import { StoreError, timers, type Awaitable, type Hint } from '@nasc/store-core';
import { BusyWait } from './busy-wait';
import { ChangeFeed } from './change-feed';
import { DatabaseBackup, type BackupOptions } from './database-backup';
import { FileIdentity } from './file-identity';
import { GroupCommit, type Decision, type TransactionControl } from './group-commit';
import { loadBetterSqlite3, type SqliteDatabaseConstructor } from './load-better-sqlite3';
import { warnOfMountedFile } from './mounted-alone';
import { createRevTables, hasRevTables, RENEW_EPOCH } from './rev-tables';
import { openFile, explainUnreadable } from './open-file';
import type { SqliteDatabase, SqliteStatement } from './sqlite-database';
import { isBusy, sqliteErrorCode } from './sqlite-error-code';
import { checkVersion, optimize, setPragmas } from './sqlite-pragmas';
import type { SqliteSettings } from './sqlite-settings';
import { restoreDatabase } from './restore-database';
import { refuseStaleWal } from './stale-wal';

/** What a store hangs into its driver. */
export interface DriverEvents {
  /** A transaction was rolled back: forget what was learned inside it. */
  rolledBack(): void;
  /** Tables may be others than they were: look at them again. */
  schemaChanged(): void;
  hint(hint: Hint): void;
}

/**
 * One connection: opened and set up, its statements kept, its commits grouped, its changes followed.
 * The SQLite stores share it and add what they write.
 */
export class SqliteDriver {
  readonly #source: string | SqliteDatabase;
  readonly #Database: SqliteDatabaseConstructor | undefined;
  readonly #settings: SqliteSettings;
  readonly #events: DriverEvents;
  /** By form, then by SQL: a key joined of both would be hashed anew for each call. */
  readonly #statements = {
    object: new Map<string, SqliteStatement>(),
    raw: new Map<string, SqliteStatement>(),
    pluck: new Map<string, SqliteStatement>(),
  };
  readonly #commits: GroupCommit;
  readonly #feed: ChangeFeed;
  #database: SqliteDatabase | undefined;
  #schemaVersion: unknown;
  /** The files of a database that is not in memory. */
  #files: FileIdentity | undefined;
  #hasLookedAtFiles = false;
  #readonly = false;
  /** For a database that has no epoch and cannot be given one: nothing can be resumed then. */
  readonly #strayEpoch = randomUUID();

  /** @throws StoreError `STORE_DEPENDENCY` when a path is given and better-sqlite3 is not installed. */
  constructor(source: string | SqliteDatabase, settings: SqliteSettings, events: DriverEvents) {
    this.#source = source;
    this.#Database = typeof source === 'string' ? loadBetterSqlite3() : undefined;
    this.#settings = settings;
    this.#events = events;
    this.#feed = new ChangeFeed(this, (hint) => events.hint(hint));
    this.#commits = new GroupCommit(this.#transactions(), settings.busyTimeout);
  }

  /** Whether nothing can be written; known once a write was tried or the file opened so. */
  get readonly(): boolean {
    return this.#readonly;
  }

  /** Whether the database has our tables; only one that cannot be written has not. */
  get hasRevTables(): boolean {
    return this.#hasRevTables;
  }
  #hasRevTables = false;

  /** The epoch where {@link SqliteDriver.hasRevTables} is false. */
  get strayEpoch(): string {
    return this.#strayEpoch;
  }

  /** Whether a transaction is open on the connection; it may be the caller's. */
  get inTransaction(): boolean {
    return this.#open.inTransaction;
  }

  /** Open, set the pragmas, make our tables where they are missing. */
  async open(): Promise<void> {
    const database = await this.#retry(() => this.#openDatabase());
    try {
      // All of it reads or writes the file, and may find it locked.
      await this.#retry(() => this.#setUp(database));
    } catch (error) {
      if (typeof this.#source !== 'string') throw error;
      database.close();
      throw explainUnreadable(error, this.#source);
    }
    this.#database = database;
    this.#rememberFiles();
  }

  /** Close the connection, unless it is the caller's. */
  close(): void {
    const isOwn = typeof this.#source === 'string';
    if (isOwn && this.#database !== undefined && !this.#readonly) optimize(this.#database);
    this.abandon();
  }

  /** Close the connection after an opening that failed, with no more changes; it may be opened again. */
  abandon(): void {
    this.#feed.stop();
    for (const statements of Object.values(this.#statements)) statements.clear();
    if (typeof this.#source === 'string') {
      this.#database?.close();
      this.#files?.discardWalOfReplaced();
    }
    this.#database = undefined;
    this.#schemaVersion = undefined;
    this.#files = undefined;
  }

  /**
   * A statement, prepared once. Integers come as numbers.
   *
   * @param form of the rows: objects, arrays (`raw`), or their first column only (`pluck`).
   */
  prepare(sql: string, form: 'object' | 'raw' | 'pluck' = 'object'): SqliteStatement {
    const statements = this.#statements[form];
    let statement = statements.get(sql);
    if (statement === undefined) {
      statement = this.#open.prepare(sql).safeIntegers(false);
      if (form !== 'object') statement = statement[form]();
      statements.set(sql, statement);
    }
    return statement;
  }

  /** Run a statement that will not come again, such as one that makes a table; inside a write. */
  runOnce(sql: string, params: readonly unknown[]): void {
    this.#open.prepare(sql).run(...params);
  }

  /**
   * Read, in call order: at once, or behind what is queued on `key` (without a key, on any), or,
   * when another connection has the lock, as soon as it is free.
   */
  read<T>(key: string | undefined, work: () => T): Awaitable<T> {
    if (!this.#commits.isPending(key)) {
      this.#refuseForeignTransaction();
      try {
        this.#lookAtFilesOnceATurn();
        return work();
      } catch (error) {
        if (!isBusy(error)) throw error;
      }
    }
    return this.#commits.enqueue(key === undefined ? [] : [key], () => ({ result: work() }));
  }

  /** Read several times from one state of the database; within a write, from what it has written. */
  snapshot<T>(work: () => T): T {
    if (this.#open.inTransaction) return work();
    this.prepare('BEGIN').run();
    try {
      return work();
    } finally {
      if (this.#open.inTransaction) this.#endSnapshot();
    }
  }

  /** Nothing was written, so nothing is lost if COMMIT fails; a transaction that stayed open would block every write. */
  #endSnapshot(): void {
    try {
      this.prepare('COMMIT').run();
    } catch {
      if (this.#open.inTransaction) this.prepare('ROLLBACK').run();
    }
  }

  /** Decide and write inside a transaction, which is shared with what else comes in this turn. */
  write<T>(keys: readonly string[], decide: () => Decision<T>): Promise<T> {
    return this.#commits.enqueue(keys, () => {
      const decision = decide();
      if (this.#readonly && 'write' in decision) {
        throw new StoreError('STORE_READONLY', this.#settings.readonly ? OPENED_READONLY : CANNOT_WRITE);
      }
      return decision;
    });
  }

  /**
   * Rebuild tables, in a transaction of its own, with foreign keys off, so that dropping a table takes
   * nothing along, and without rewriting what refers to a table that is renamed
   * (https://sqlite.org/lang_altertable.html#otheralter). Only while opening: nothing is queued then.
   */
  async rebuild(work: () => void): Promise<void> {
    const database = this.#open;
    const settings = ['foreign_keys', 'legacy_alter_table'].map(
      (name) => `${name} = ${String(database.pragma(name, { simple: true }))}`,
    );
    await this.#retry(() => {
      database.pragma('foreign_keys = OFF');
      database.pragma('legacy_alter_table = ON');
      try {
        database.exec('BEGIN IMMEDIATE');
        work();
        database.exec('COMMIT');
      } finally {
        if (database.inTransaction) database.exec('ROLLBACK');
        for (const setting of settings) database.pragma(setting);
      }
    });
  }

  /** The path of the file, or `undefined` of a database in memory. */
  get path(): string | undefined {
    return this.#open.memory ? undefined : this.#open.name;
  }

  /** Copy the database into a new file, with all that was called before, while it is written. */
  async backup(path: string, { onProgress }: BackupOptions): Promise<void> {
    await this.read(undefined, () => undefined);
    const source = {
      database: this.#open,
      Database: this.#Database ?? loadBetterSqlite3(),
      isOwn: this.#Database !== undefined,
      busyTimeout: this.#settings.busyTimeout,
    };
    await this.#retry(() => new DatabaseBackup(source, path, onProgress).run());
  }

  /** Put another database into the place of this one, which is closed. */
  async restore(from: string, { onProgress }: BackupOptions): Promise<void> {
    const { busyTimeout } = this.#settings;
    await restoreDatabase(this.#Database ?? loadBetterSqlite3(), this.#source as string, from, {
      busyTimeout,
      onProgress,
    });
  }

  /** Give the database a new epoch. */
  renewEpoch(): Promise<string> {
    return this.write([], () => ({ write: () => this.prepare(RENEW_EPOCH, 'pluck').get() as string }));
  }

  /** Follow the changes of all connections, or stop. */
  async watch(active: boolean): Promise<void> {
    if (!active) return this.#feed.stop();
    if (!this.#hasRevTables) {
      throw new StoreError('STORE_READONLY', 'The database records no changes, and cannot be made to.');
    }
    const isShared = typeof this.#source !== 'string';
    await this.#retry(() =>
      this.#feed.start(isShared || this.#settings.capabilities.watch === 'host', isShared),
    );
  }

  get #open(): SqliteDatabase {
    if (this.#database === undefined) throw new StoreError('STORE_CLOSED', 'The database is not open.');
    return this.#database;
  }

  async #retry<T>(work: () => Awaitable<T>): Promise<T> {
    const patience = new BusyWait(this.#settings.busyTimeout);
    for (;;) {
      try {
        return await work();
      } catch (error) {
        if (!isBusy(error) || patience.expired) throw error;
      }
      await patience.wait();
    }
  }

  /** Whether it is a file that the store opens itself. */
  get isFile(): boolean {
    return typeof this.#source === 'string' && this.#source !== ':memory:';
  }

  #rememberFiles(): void {
    const path = this.prepare(FILE, 'pluck').get() as string;
    if (path === '') return;
    this.#files = new FileIdentity(path);
    warnOfMountedFile(path);
  }

  /** A read is not worth a look at the disk each; nobody gets between two of one turn. */
  #lookAtFilesOnceATurn(): void {
    if (this.#hasLookedAtFiles || this.#files === undefined) return;
    this.#hasLookedAtFiles = true;
    timers.setImmediate(() => (this.#hasLookedAtFiles = false));
    this.#lookAtFiles();
  }

  /**
   * See whether the files are still those that were opened. A WAL that was taken away held nothing that is not in
   * the database by now: on a new connection the work goes on.
   *
   * @throws StoreError `STORE_IO` when the database itself was taken away, or the connection is the caller's.
   */
  #lookAtFiles(): void {
    this.#files?.requireFile();
    if (this.#files?.hasLostWal() !== true) return;
    if (!this.isFile) throw new StoreError('STORE_IO', LOST_WAL_OF_CALLER);
    for (const statements of Object.values(this.#statements)) statements.clear();
    this.#open.close();
    this.#database = this.#openDatabase();
    this.#setPragmas(this.#database);
    this.#schemaVersion = undefined;
    this.#events.rolledBack();
    this.#rememberFiles();
  }

  #openDatabase(): SqliteDatabase {
    if (typeof this.#source !== 'string') return this.#source;
    if (this.isFile) refuseStaleWal(this.#source);
    // Set when the source is a path.
    const Database = this.#Database as SqliteDatabaseConstructor;
    return openFile(Database, this.#source, this.#settings.readonly);
  }

  #setUp(database: SqliteDatabase): void {
    checkVersion(database);
    this.#setPragmas(database);
    this.#openRevTables(database);
  }

  #setPragmas(database: SqliteDatabase): void {
    if (typeof this.#source === 'string')
      this.#readonly = setPragmas(database, this.#settings, this.#readonly);
  }

  #openRevTables(database: SqliteDatabase): void {
    if (database.inTransaction)
      throw new StoreError('STORE_UNSUPPORTED', 'The Database is inside a transaction.');
    this.#hasRevTables = hasRevTables(database);
    if (this.#hasRevTables || this.#readonly) return;
    try {
      database.exec('BEGIN IMMEDIATE');
      if (!hasRevTables(database)) createRevTables(database);
      database.exec('COMMIT');
      this.#hasRevTables = true;
    } catch (error) {
      if (sqliteErrorCode(error) !== 'STORE_READONLY') throw error;
      this.#readonly = true;
    } finally {
      if (database.inTransaction) database.exec('ROLLBACK');
    }
  }

  #transactions(): TransactionControl {
    return {
      inTransaction: () => this.#open.inTransaction,
      begin: () => {
        if (!this.#open.inTransaction) this.#lookAtFiles();
        this.prepare('BEGIN IMMEDIATE').run();
      },
      began: () => this.#noticeSchema(),
      commit: () => {
        this.prepare('COMMIT').run();
        if (this.#files?.hasLostWal() === true) throw new StoreError('STORE_UNCERTAIN', LOST_WAL);
      },
      rollback: () => void this.prepare('ROLLBACK').run(),
      committed: () => this.#feed.catchUp(true),
      rolledBack: () => this.#events.rolledBack(),
    };
  }

  /** Somebody may have made tables anew, without our triggers; once for each transaction. */
  #noticeSchema(): void {
    const version = this.prepare('PRAGMA schema_version', 'pluck').get();
    if (version !== this.#schemaVersion) this.#events.schemaChanged();
    this.#schemaVersion = version;
  }

  /** On a connection of its own the store is alone, and ends its transactions in the turn of their beginning. */
  #refuseForeignTransaction(): void {
    if (typeof this.#source === 'string' || !this.#open.inTransaction) return;
    const message = 'The Database is inside a transaction of its own; end it before calling the store.';
    throw new StoreError('STORE_UNSUPPORTED', message);
  }
}

const FILE = "SELECT file FROM pragma_database_list WHERE name = 'main'";
const LOST_WAL =
  'The WAL of the database was taken away while the store was committing. Load to see whether the write was made. Does another program or library open or delete the file?';
const LOST_WAL_OF_CALLER =
  'The WAL of the database was taken away, so nothing more is written. Close the Database that you passed in, and open it again. File locks are per process: use one copy of one SQLite library for a file.';
const OPENED_READONLY = 'The store was opened with readonly: true; open it without, to write.';
const CANNOT_WRITE = 'The database cannot be written; check the permissions of the file and its folder.';
