import { defineTarget, registerConformance } from '@nasc/store-core/conformance';
import { SqliteStore } from './sqlite-store';
import { createFileWorld } from './test-support/file-world';

const open = ({ path }: { path: string }): SqliteStore => new SqliteStore(path, { durability: 'relaxed' });

registerConformance(
  defineTarget({ name: '@nasc/store-sqlite', createWorld: createFileWorld, open, durable: true }),
  { describe, it },
);
