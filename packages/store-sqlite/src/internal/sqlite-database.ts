/** A prepared statement, as far as the stores use it; better-sqlite3's has this shape. */
export interface SqliteStatement {
  run(...params: unknown[]): { changes: number };
  get(...params: unknown[]): unknown;
  all(...params: unknown[]): unknown[];
  /** Rows as their first column only. */
  pluck(on?: boolean): SqliteStatement;
  /** Rows as arrays. */
  raw(on?: boolean): SqliteStatement;
  safeIntegers(on?: boolean): SqliteStatement;
}

/** How far a backup is. */
export interface BackupProgress {
  readonly totalPages: number;
  readonly remainingPages: number;
}

/** A database handle, as far as the stores use it; better-sqlite3's `Database` has this shape. */
export interface SqliteDatabase {
  readonly name: string;
  readonly open: boolean;
  readonly memory: boolean;
  readonly readonly: boolean;
  readonly inTransaction: boolean;
  prepare(sql: string): SqliteStatement;
  exec(sql: string): unknown;
  pragma(sql: string, options?: { simple?: boolean }): unknown;
  close(): unknown;
  /**
   * Copy into a file of that path; `progress` tells how many pages to copy next. Without it, the store
   * cannot make backups.
   */
  backup?(path: string, options: { progress: (progress: BackupProgress) => number }): Promise<BackupProgress>;
}

/** Whether a value is a database handle; of whichever copy of better-sqlite3. */
export function isSqliteDatabase(value: unknown): value is SqliteDatabase {
  if (typeof value !== 'object' || value === null) return false;
  const methods = ['prepare', 'exec', 'pragma', 'close'] as const;
  return methods.every((name) => typeof (value as SqliteDatabase)[name] === 'function');
}
