import { captureState, type StatePlace } from '@nasc/store-core';
import { DocumentRows } from './internal/document-rows';
import { DriverStore } from './internal/driver-store';
import type { SqliteDatabase } from './internal/sqlite-database';
import type { SqliteOptions } from './internal/sqlite-settings';

/** Options of {@link SqliteStore}. */
export interface SqliteStoreOptions extends SqliteOptions {
  /**
   * The table of a type; default `<type>s`. Asked once per type: the database records the answer.
   * An existing table with the columns `id` (TEXT, unique) and `data` is adopted as it is.
   */
  tableForType?: ((type: string) => string) | undefined;
}

/**
 * A store on SQLite, for apps on one machine: a table per type, one row per instance, its state as
 * JSON in the column `data`. SQL by hand and older programs may write to the tables: triggers keep
 * the revs. Several processes may share a file.
 *
 * @example
 * const store = new SqliteStore('app.db');
 * await store.persist('User', 'ada', {}, { name: 'Ada' });
 */
export class SqliteStore extends DriverStore<string> {
  protected override readonly rows: DocumentRows;

  /**
   * Checks the arguments and finds better-sqlite3; the first call opens.
   *
   * @param source the path of a file, `':memory:'`, or a `Database` of better-sqlite3, which stays
   *   the caller's: its pragmas are left alone and it is not closed.
   * @throws TypeError for wrong arguments.
   * @throws StoreError `STORE_DEPENDENCY` when better-sqlite3 is not installed.
   */
  constructor(source: string | SqliteDatabase, options: SqliteStoreOptions = {}) {
    super(source, options, ['tableForType']);
    const { tableForType } = options;
    if (tableForType !== undefined && typeof tableForType !== 'function') {
      throw new TypeError('tableForType must be a function from a type to a table name.');
    }
    this.rows = new DocumentRows(this.driver, tableForType);
  }

  protected override capture(full: unknown, place: StatePlace): string {
    return captureState(full, place);
  }
}
