export { DocumentRows } from './document-rows';
export { DriverStore } from './driver-store';
export type { InstanceRows } from './instance-rows';
export { quoteIdentifier } from './quote-identifier';
export type { SqliteDatabase, SqliteStatement } from './sqlite-database';
export type { SqliteDriver } from './sqlite-driver';
export type { SqliteOptions } from './sqlite-settings';
