import { realpathSync, rmSync, statSync } from 'node:fs';
import { StoreError } from '@nasc/store-core';

/** Which files a connection has open, to notice when another program takes them away. */
export class FileIdentity {
  readonly #path: string;
  readonly #file: string | undefined;
  readonly #wal: string | undefined;

  /** @param path of a database that is open; its WAL, if it has one, is there. */
  constructor(path: string) {
    // SQLite keeps the WAL beside the file that a symbolic link points to.
    this.#path = realpathSync(path);
    this.#file = identityOf(this.#path);
    this.#wal = identityOf(`${this.#path}-wal`);
  }

  /** Whether the WAL is another one, or gone: what is written to it now is seen by nobody. */
  hasLostWal(): boolean {
    return identityOf(`${this.#path}-wal`) !== this.#wal;
  }

  /**
   * Once the connection is closed: where another database has taken the file's place, the WAL that was left must not
   * be played into it.
   */
  discardWalOfReplaced(): void {
    const file = identityOf(this.#path);
    if (file === undefined || file === this.#file || this.#wal === undefined || this.hasLostWal()) return;
    for (const suffix of ['-wal', '-shm']) rmSync(this.#path + suffix, { force: true });
  }

  /** @throws StoreError `STORE_IO` when the database file is another one, or gone. */
  requireFile(): void {
    if (identityOf(this.#path) === this.#file) return;
    const message =
      'The database file was moved, deleted or replaced while the store had it open; nothing more is written. Put it back, or close the store and open it again.';
    throw new StoreError('STORE_IO', message);
  }
}

function identityOf(path: string): string | undefined {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats && `${stats.dev}:${stats.ino}`;
}
