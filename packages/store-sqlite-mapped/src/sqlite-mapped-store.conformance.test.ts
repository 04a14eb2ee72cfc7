import { join } from 'node:path';
import {
  defineTarget,
  registerConformance,
  suiteMapping as mapping,
  suiteSchema as schema,
} from '@nasc/store-core/conformance';
import { SqliteMappedStore } from './sqlite-mapped-store';
import {
  createFileWorld as createWorld,
  fileCosts as probe,
  type FileWorld,
} from './test-support/file-world';
import { fileFaults as faults, fileRaw as raw } from './test-support/file-world';

const open = ({ path, options }: FileWorld): SqliteMappedStore =>
  new SqliteMappedStore(path, { mapping, schema, ...options });
// What other processes import: they cannot read the sources as jest does.
const built = { module: join(__dirname, 'test-support/built-target.mjs') };
const name = '@nasc/store-sqlite-mapped';

registerConformance(defineTarget({ name, createWorld, open, durable: true, raw, faults, probe, ...built }), {
  describe,
  it,
});
