import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineTarget } from '@nasc/store-core/conformance';
import { stores } from './broken-stores.mjs';

// target.mjs?store=timer
const name = new URL(import.meta.url).searchParams.get('store');

/** The target of one store of the zoo between processes. */
export default defineTarget({
  name,
  createWorld() {
    const folder = mkdtempSync(join(tmpdir(), 'nasc-zoo-'));
    return { path: join(folder, 'zoo.db'), destroy: () => rmSync(folder, { recursive: true, force: true }) };
  },
  open: ({ path }) => new stores[name](path),
  durable: true,
});
