import { join } from 'node:path';
import { defineTarget, suiteMapping as mapping, suiteSchema as schema } from '@nasc/store-core/conformance';
import { SqliteMappedStore } from '../sqlite-mapped-store';
import {
  createFileWorld as createWorld,
  fileCosts as probe,
  fileFaults as faults,
  fileRaw as raw,
  type FileWorld,
} from './file-world';

/** `SqliteMappedStore` on files, for the conformance suite. */
export const conformanceTarget = defineTarget({
  name: '@nasc/store-sqlite-mapped',
  createWorld,
  open: ({ path, options }: FileWorld) => new SqliteMappedStore(path, { mapping, schema, ...options }),
  durable: true,
  raw,
  faults,
  probe,
  // What other processes import: they cannot read the sources as jest does.
  module: join(__dirname, 'built-target.mjs'),
});
