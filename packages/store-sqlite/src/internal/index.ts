export type { BackupOptions } from './database-backup';
export { DocumentRows } from './document-rows';
export { DriverStore } from './driver-store';
export type { InstanceRows } from './instance-rows';
export { quoteIdentifier } from './quote-identifier';
export { FIRST_REV, NEXT_SEQ } from './rev-tables';
export type { SqliteDatabase, SqliteStatement } from './sqlite-database';
export type { SqliteDriver } from './sqlite-driver';
export type { SqliteOptions } from './sqlite-settings';
