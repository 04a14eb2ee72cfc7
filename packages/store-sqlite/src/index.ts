export { SqliteStore } from './sqlite-store';
export type { SqliteStoreOptions } from './sqlite-store';
export type { SqliteOptions } from './internal/sqlite-settings';
export type { BackupProgress, SqliteDatabase, SqliteStatement } from './internal/sqlite-database';
export type { BackupOptions } from './internal/database-backup';
