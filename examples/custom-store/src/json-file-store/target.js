import { defineTarget } from '@nasc/store-core/conformance';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { JsonFileStore } from './json-file-store.js';

export default defineTarget({
  name: 'json-file-store',
  createWorld() {
    const folder = mkdtempSync(join(tmpdir(), 'json-file-store-'));
    return { folder, destroy: () => rmSync(folder, { recursive: true }) };
  },
  open: ({ folder }) => new JsonFileStore(folder),
  durable: true,
  // So that other processes can open the same folder, and be killed while they write.
  module: import.meta.url,
});
