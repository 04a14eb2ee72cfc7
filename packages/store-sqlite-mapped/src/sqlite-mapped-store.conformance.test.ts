import { defineTarget, registerConformance, suiteMapping, suiteSchema } from '@nasc/store-core/conformance';
import { SqliteMappedStore } from './sqlite-mapped-store';
import { createFileWorld } from './test-support/file-world';

const options = { mapping: suiteMapping, schema: suiteSchema, durability: 'relaxed' } as const;
const open = ({ path }: { path: string }): SqliteMappedStore => new SqliteMappedStore(path, options);

registerConformance(
  defineTarget({ name: '@nasc/store-sqlite-mapped', createWorld: createFileWorld, open, durable: true }),
  { describe, it },
);
