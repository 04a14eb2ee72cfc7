import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A new folder for each test of the calling file, removed after it. Call at the top of the file. */
export function useTempFolder(): (name: string) => string {
  let folder = '';
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'nasc-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  return (name) => join(folder, name);
}
