import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { VersionedStore } from '@nasc/store-core';
import { SqliteStore } from '@nasc/store-sqlite';
import { SqliteMappedStore } from '@nasc/store-sqlite-mapped';
import Database from 'better-sqlite3';
import { appModel } from '../app-model.ts';

/** What one piece of work has cost, counted rather than timed. */
export interface Costs {
  /** Statements that the store ran; those inside triggers are not among them. */
  readonly statements: number;
  /** Rows inserted, updated and deleted, by triggers too. */
  readonly rows: number;
  /** By which the write-ahead log has grown. */
  readonly walBytes: number;
}

/** The stores that can be counted. */
export const countedStores = {
  SqliteStore: (database: Database.Database): VersionedStore => new SqliteStore(database),
  SqliteMappedStore: (database: Database.Database): VersionedStore =>
    new SqliteMappedStore(database, appModel),
};

/** Which of {@link countedStores}. */
export type CountedKind = keyof typeof countedStores;

/** A store on a `Database` of ours, which counts what the store makes it do. */
export class CountedStore {
  readonly store: VersionedStore;
  readonly #database: Database.Database;
  readonly #totalChanges;
  #statements = 0;

  /** @param folder empty, and its own. */
  constructor(kind: CountedKind, folder: string) {
    this.#database = new Database(join(folder, 'counted.db'), { verbose: () => void this.#statements++ });
    // A log that is never copied back only grows.
    for (const pragma of ['journal_mode=WAL', 'synchronous=NORMAL', 'wal_autocheckpoint=0']) {
      this.#database.pragma(pragma);
    }
    this.#totalChanges = this.#database.prepare<[], number>('SELECT total_changes()').pluck();
    this.store = countedStores[kind](this.#database);
  }

  async count(work: () => Promise<unknown>): Promise<Costs> {
    const rows = this.#rows();
    const walBytes = this.#walBytes();
    const statements = this.#statements;
    await work();
    return {
      statements: this.#statements - statements,
      walBytes: this.#walBytes() - walBytes,
      rows: this.#rows() - rows,
    };
  }

  async close(): Promise<void> {
    await this.store.close();
    this.#database.close();
  }

  #rows(): number {
    return this.#totalChanges.get() ?? 0;
  }

  #walBytes(): number {
    return statSync(`${this.#database.name}-wal`).size;
  }
}
