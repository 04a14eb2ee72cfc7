import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { quantile } from 'simple-statistics';

const PAGE = 4_096;
const PAGES = 256;

/** What a file of that folder takes to bring one page, written over in place, to the disk; in milliseconds. */
export interface FsyncTime {
  readonly median: number;
  /** One in ten takes longer. */
  readonly p90: number;
}

/** The limit for all who wait for the disk before they answer. */
export function measureFsync(folder: string): FsyncTime {
  const file = openSync(join(folder, 'fsync'), 'w');
  writeSync(file, Buffer.alloc(PAGE * PAGES));
  fsyncSync(file);
  const page = Buffer.alloc(PAGE, 1);
  const times = Array.from({ length: PAGES }, (_, i) => {
    writeSync(file, page, 0, PAGE, i * PAGE);
    const start = performance.now();
    fsyncSync(file);
    return performance.now() - start;
  });
  closeSync(file);
  return { median: quantile(times, 0.5), p90: quantile(times, 0.9) };
}
