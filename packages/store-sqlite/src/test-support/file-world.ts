import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A database file of its own, and the options to open it with: plain data, for other processes too. */
export interface FileWorld {
  readonly path: string;
  /** Faults may change them, for handles that are opened later. */
  options: {
    readonly durability: 'relaxed';
    /** A lock that is held on purpose is given up sooner. */
    readonly busyTimeout: number;
    readonly readonly?: boolean;
    readonly pragmas?: Record<string, number>;
  };
  destroy(): void;
}

/** A new database file for each world of the conformance suite. */
export function createFileWorld(): FileWorld {
  const folder = mkdtempSync(join(tmpdir(), 'nasc-sqlite-'));
  return {
    path: join(folder, 'store.db'),
    options: { durability: 'relaxed', busyTimeout: 2_000 },
    destroy: () => rmSync(folder, { recursive: true, force: true }),
  };
}
