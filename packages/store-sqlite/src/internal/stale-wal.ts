import { execFileSync } from 'node:child_process';
import { closeSync, fstatSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { StoreError } from '@nasc/store-core';

/** Where a database's header says whether it is in WAL mode (https://sqlite.org/fileformat.html#file_format_version_numbers). */
const READ_VERSION = 19;
const WAL_MODE = 2;

/**
 * Refuse a database that is not in WAL mode, with a WAL beside it: a backup was copied over the file of an
 * app that did not close it. SQLite would play the WAL of the one into the other.
 *
 * @param path of a file that is about to be opened.
 * @throws StoreError `STORE_IO`
 */
export function refuseStaleWal(path: string): void {
  if (!isStaleWal(path)) return;
  const message =
    'Beside the database lies the WAL of another one: was a backup copied over it? Call restore(), which puts a backup in its place; or, if this file is the one you want, delete those that end in -wal and -shm.';
  throw new StoreError('STORE_IO', message);
}

/** Whether the WAL beside a database that nobody here has open belongs to another one. */
export function isStaleWal(path: string): boolean {
  if ((statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0) === 0) return false;
  const version = headerOf(path)?.[READ_VERSION];
  return version !== undefined && version !== WAL_MODE;
}

/** The header, or `undefined` where it cannot or need not be read. */
function headerOf(path: string): Buffer | undefined {
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) <= READ_VERSION) return undefined;
  // Closing a file takes away all locks that this process has on it (POSIX), those of other connections too.
  if (process.platform === 'linux') return isOpenHere(path) ? undefined : readHeader(path);
  if (process.platform === 'win32') return readHeader(path);
  return execFileSync('head', ['-c', String(READ_VERSION + 1), path]);
}

function readHeader(path: string): Buffer {
  const header = Buffer.alloc(READ_VERSION + 1);
  const file = openSync(path, 'r');
  try {
    readSync(file, header, 0, header.length, 0);
  } finally {
    closeSync(file);
  }
  return header;
}

/** Whether this process has the file open: then the WAL is that of a connection of its own. */
function isOpenHere(path: string): boolean {
  const { dev, ino } = statSync(path);
  return readdirSync('/proc/self/fd').some((fd) => {
    try {
      const stats = fstatSync(Number(fd));
      return stats.dev === dev && stats.ino === ino;
    } catch {
      // The descriptor of the listing itself is closed by now.
      return false;
    }
  });
}
