import { join } from 'node:path';
import { defineTarget, registerConformance } from '@nasc/store-core/conformance';
import { SqliteStore } from './sqlite-store';
import { fileCosts as probe } from './test-support/file-costs';
import { fileFaults as faults, fileRaw as raw } from './test-support/file-faults';
import { createFileWorld as createWorld, type FileWorld } from './test-support/file-world';

const open = ({ path, options }: FileWorld): SqliteStore => new SqliteStore(path, options);
// What other processes import: they cannot read the sources as jest does.
const built = { module: join(__dirname, 'test-support/built-target.mjs') };
const target = { name: '@nasc/store-sqlite', createWorld, open, durable: true, raw, faults, probe, ...built };

// A busy machine is slow, and nothing is wrong with the store.
registerConformance(defineTarget(target), { describe, it }, { timeout: 60_000 });
