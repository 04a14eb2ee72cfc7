export { SqliteMappedStore } from './sqlite-mapped-store';
export type { SqliteMappedStoreOptions } from './sqlite-mapped-store';
