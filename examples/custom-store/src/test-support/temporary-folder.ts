import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Isolated storage for the suite: a folder of its own, and how to be rid of it. */
export function temporaryFolder(): { folder: string; destroy(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'nasc-custom-store-'));
  return { folder, destroy: () => rmSync(folder, { recursive: true, force: true }) };
}
