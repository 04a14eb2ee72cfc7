import { resolve } from 'node:path';
import {
  BaseStore,
  decideCommit,
  instanceKey,
  makeCommit,
  StoreError,
  type Awaitable,
  type CapturedWrite,
  type CommitResult,
  type CommitTable,
  type Hint,
  type JsonObject,
  type ListOptions,
  type Loaded,
  type PlannedStatement,
  type RemoveOptions,
  type StoreCapabilities,
  type StoreErrorCode,
  type Write,
} from '@nasc/store-core';
import type { BackupOptions } from './database-backup';
import { EventLog } from './event-log';
import type { InstanceRows } from './instance-rows';
import type { SqliteDatabase } from './sqlite-database';
import { liveTypes } from './live-types';
import { SqliteDriver } from './sqlite-driver';
import { sqliteErrorCode } from './sqlite-error-code';
import { resolveSource, sqliteSettings, type SqliteOptions } from './sqlite-settings';
import { Tombstones } from './tombstones';

/** What the SQLite stores have in common: everything but how instances lie in tables. */
export abstract class DriverStore<Captured> extends BaseStore<Captured> {
  readonly capabilities: StoreCapabilities;

  protected override readonly keepsCallOrder = true;
  protected readonly driver: SqliteDriver;
  protected abstract readonly rows: InstanceRows<Captured>;
  readonly #eventLog: EventLog;
  readonly #tombstones: Tombstones;
  readonly #table: CommitTable<Captured> = {
    revOf: (type, id) => this.rows.revOf(type, id),
    put: (write) => this.rows.write(write),
    findEvent: (eventId) => this.#eventLog.find(eventId),
    recordEvent: (eventId, writes) => this.#eventLog.record(eventId, writes),
  };

  /**
   * Checks the arguments and finds better-sqlite3; the first call opens.
   *
   * @param source the path of a file, `':memory:'`, or a `Database` of better-sqlite3, which stays
   *   the caller's: its pragmas are left alone and it is not closed.
   * @param more the options that the store has besides.
   * @throws TypeError for wrong arguments.
   * @throws StoreError `STORE_DEPENDENCY` when better-sqlite3 is not installed.
   */
  constructor(source: string | SqliteDatabase, options: SqliteOptions, more: readonly string[]) {
    super();
    const settings = sqliteSettings(source, options, more);
    this.capabilities = settings.capabilities;
    this.driver = new SqliteDriver(resolveSource(source), settings, {
      rolledBack: () => this.rows.forget(),
      schemaChanged: () => this.rows.forget(),
      hint: (hint) => this.emit(hint),
    });
    this.#eventLog = new EventLog(this.driver, settings.eventRetention);
    this.#tombstones = new Tombstones(this.driver, settings.tombstoneRetention);
  }

  remove(type: string, id: string, options?: RemoveOptions): Promise<boolean> {
    return this.removeInstance(type, id, options);
  }

  list(type: string, options?: ListOptions): Promise<string[]> {
    return this.listIds(type, options, (after, limit) =>
      this.driver.read(undefined, () => this.rows.readIds(type, after, limit)),
    );
  }

  /** As the contract has it; tables that another program made are listed once the store has used them. */
  types(options?: ListOptions): Promise<string[]> {
    const isLive = (type: string): boolean => this.rows.readIds(type, undefined, 1).length > 0;
    return this.listTypes(options, (after, limit) =>
      this.driver.read(undefined, () =>
        this.driver.snapshot(() => liveTypes(this.driver, after, limit, isLive)),
      ),
    );
  }

  watch(listener: (hint: Hint) => void): Promise<() => Promise<void>> {
    return this.subscribe(listener);
  }

  findEvent(eventId: string): Promise<CommitResult | null> {
    return this.lookUpEvent(eventId, (known) =>
      this.driver.read(undefined, () => this.#eventLog.find(known)?.map(({ rev }) => rev)),
    );
  }

  /**
   * The statements that `commit(writes)` would run now, new tables included; nothing is written.
   * What triggers do, the revs among it, is not in the plan.
   */
  async plan(writes: readonly Write[]): Promise<PlannedStatement[]> {
    const captured = this.captureWrites(writes);
    return this.guarded(captured, () => this.driver.read(undefined, () => this.rows.plan(captured)));
  }

  /**
   * Copy the database into a new file, while it is written: what was called before is in the copy. It
   * opens with the same revs and a new epoch, so that nobody resumes in it what the original said. A
   * backup that fails or is killed leaves no file of that name (it may leave `<path>.….partial`).
   *
   * @param path of the file to be made; none may be there.
   * @throws StoreError `STORE_INVALID_ARGUMENT` when there is one; `STORE_UNSUPPORTED` when a caller's
   *   `Database` has no `backup`; `STORE_FULL`, `STORE_BUSY` or `STORE_IO` when it cannot be made.
   */
  async backup(path: string, options: BackupOptions = {}): Promise<void> {
    if (typeof path !== 'string' || path === '' || path.includes('\0')) {
      throw new StoreError('STORE_INVALID_ARGUMENT', 'backup takes the path of the file to be made.');
    }
    const absolute = resolve(path);
    return this.guarded('everything', () => this.driver.backup(absolute, options));
  }

  /**
   * Replace the database by a backup, or by any other database of the same kind: with the same revs and a new
   * epoch, so that nobody resumes what the lost commits said. What was called before is done first; later calls
   * see the restored state. A WAL that was left beside the earlier database goes with it.
   *
   * @param from path of the file to restore; it stays as it is.
   * @throws StoreError `STORE_BUSY` when another handle or process has the database open; `STORE_INVALID_ARGUMENT`
   *   when there is no such file; `STORE_CORRUPT` or `STORE_SCHEMA` when it cannot be used; `STORE_UNSUPPORTED` for
   *   `':memory:'` and a caller's `Database`. The earlier database is still there then.
   */
  async restore(from: string, options: BackupOptions = {}): Promise<void> {
    if (typeof from !== 'string' || from === '' || from.includes('\0')) {
      throw new StoreError('STORE_INVALID_ARGUMENT', 'restore takes the path of the file to restore from.');
    }
    if (!this.driver.isFile) {
      const message = 'Only a store that was made with the path of a file can be restored.';
      throw new StoreError('STORE_UNSUPPORTED', message);
    }
    const absolute = resolve(from);
    return this.reopen(() => this.driver.restore(absolute, options));
  }

  /**
   * Give the database a new epoch: after it was restored in another way than {@link DriverStore.restore},
   * before it is used. Clients then load anew instead of resuming what the lost commits said.
   *
   * @returns the new epoch.
   */
  async renewEpoch(): Promise<string> {
    return this.guarded('everything', () => this.driver.renewEpoch());
  }

  protected override open(): Promise<void> {
    return this.driver.open();
  }

  protected override readState(type: string, id: string): Awaitable<JsonObject | null> {
    return this.#read(type, id, () => this.rows.readState(type, id));
  }

  protected override readLoaded(type: string, id: string): Awaitable<Loaded | null> {
    return this.#read(type, id, () => this.rows.readLoaded(type, id));
  }

  protected override write(
    writes: readonly CapturedWrite<Captured>[],
    eventId: string | undefined,
  ): Promise<CommitResult> {
    const keys = writes.map(({ type, id }) => instanceKey(type, id));
    return this.driver.write<CommitResult>(keys, () => {
      const duplicate = decideCommit(this.#table, writes, eventId);
      if (duplicate !== undefined) return { result: duplicate };
      return { write: () => this.#make(writes, eventId) };
    });
  }

  protected override watching(active: boolean): Promise<void> {
    return this.driver.watch(active);
  }

  protected override shutdown(): void {
    this.driver.close();
  }

  protected override codeOf(cause: unknown): StoreErrorCode | undefined {
    return sqliteErrorCode(cause);
  }

  /** Read, once the type's tables have their triggers: a rev that was told must hold. */
  #read<T>(type: string, id: string, read: () => T): Awaitable<T> {
    const key = instanceKey(type, id);
    const isReady = (): boolean => this.driver.readonly || !this.rows.needsSetUp(type);
    const result = this.driver.read(key, () => (isReady() ? read() : NOT_READY));
    const orSetUp = (value: T | typeof NOT_READY): Awaitable<T> =>
      value === NOT_READY ? this.#setUpAndRead(key, type, read) : value;
    return result instanceof Promise ? result.then(orSetUp) : orSetUp(result);
  }

  #setUpAndRead<T>(key: string, type: string, read: () => T): Promise<T> {
    return this.driver.write([key], () => ({
      write: () => {
        this.rows.setUp(type);
        return read();
      },
    }));
  }

  #make(writes: readonly CapturedWrite<Captured>[], eventId: string | undefined): CommitResult {
    const result = makeCommit(this.#table, writes, eventId);
    this.#tombstones.prune(
      writes.length,
      writes.some(({ full }) => full === null),
    );
    return result;
  }
}

/** Read where a table has yet to get its triggers. */
const NOT_READY = Symbol('not ready');
