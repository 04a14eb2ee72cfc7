import { SqliteStore } from '@nasc/store-sqlite';
import { createFileWorld } from './file-world.ts';

/** The built store, for the other processes of the conformance suite. */
export default {
  name: '@nasc/store-sqlite',
  createWorld: createFileWorld,
  open: ({ path, options }) => new SqliteStore(path, options),
  durable: true,
};
