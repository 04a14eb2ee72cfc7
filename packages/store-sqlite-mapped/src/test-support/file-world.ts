import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A new database file for each world of the conformance suite. */
export function createFileWorld(): { path: string; destroy(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'nasc-mapped-'));
  return { path: join(folder, 'store.db'), destroy: () => rmSync(folder, { recursive: true, force: true }) };
}
