import { defineTarget, registerConformance } from '@nasc/store-core/conformance';
import { join } from 'node:path';
import { JsonFileStore } from './json-file-store';
import { corruptFile as corrupt } from '../test-support/corrupt-file';
import { temporaryFolder as createWorld } from '../test-support/temporary-folder';

const open = ({ folder }: { folder: string }): JsonFileStore => new JsonFileStore(folder);
const target = defineTarget({
  name: 'json-file-store',
  createWorld,
  open,
  durable: true,
  raw: { corrupt },
  // What other processes import: they cannot read what jest compiles.
  module: join(__dirname, 'target.js'),
});

// A busy machine is slow, and nothing is wrong with the store.
registerConformance(target, { describe, it }, { timeout: 60_000 });
