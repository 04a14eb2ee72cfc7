import { suiteMapping as mapping, suiteSchema as schema } from '@nasc/store-core/conformance';
import { SqliteMappedStore } from '@nasc/store-sqlite-mapped';
// eslint-disable-next-line import-x/no-relative-packages -- what makes a file for tests is never published
import { createFileWorld } from '../../../store-sqlite/src/test-support/file-world.ts';

/** The built store, for the other processes of the conformance suite. */
export default {
  name: '@nasc/store-sqlite-mapped',
  createWorld: createFileWorld,
  open: ({ path, options }) => new SqliteMappedStore(path, { mapping, schema, ...options }),
  durable: true,
};
