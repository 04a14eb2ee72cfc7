import Database from 'better-sqlite3';
import type { FaultProbes, RawProbes } from '@nasc/store-core/conformance';
import type { FileWorld } from './file-world';
import { hookStatements } from './statement-hooks';

/** How the conformance suite damages a database file. */
export const fileRaw: RawProbes<FileWorld> = {
  corrupt: ({ path }, type, id) =>
    withDatabase(path, (database) => {
      const table = database
        .prepare('SELECT tbl FROM _nasc_types WHERE type = ?')
        .pluck()
        .get(type) as string;
      const columns = database.prepare('SELECT name FROM pragma_table_info(?)').pluck().all(table);
      // Documents are in `data`; of what is mapped, what does not fit its column is in `_na_overflow`.
      const column = columns.includes('data') ? 'data' : '_na_overflow';
      database.prepare(`UPDATE "${table}" SET "${column}" = '{"torn":' WHERE id = ?`).run(id);
    }),
};

/** How it makes a database file fail, for the handles that are opened later. */
export const fileFaults: FaultProbes<FileWorld> = {
  full(world) {
    const pages = withDatabase(world.path, (database) => database.pragma('page_count', { simple: true }));
    return withOptions(world, { pragmas: { max_page_count: Number(pages) + 10 } });
  },
  readonly: (world) => withOptions(world, { readonly: true }),
  lock({ path }) {
    const database = new Database(path);
    database.exec('BEGIN IMMEDIATE');
    return () => database.close();
  },
  failWrite({ path }, nth, how) {
    let writes = 0;
    return hookStatements((name, sql) => {
      if (name !== path || !/^\s*(INSERT|UPDATE|DELETE|COMMIT)/i.test(sql)) return;
      writes++;
      if (how === 'once' ? writes === nth : writes >= nth) throw ioError('SQLITE_IOERR_WRITE');
    });
  },
  failRead: ({ path }) =>
    hookStatements((name, sql) => {
      if (name === path && /^\s*SELECT/i.test(sql)) throw ioError('SQLITE_IOERR_READ');
    }),
  newerFormat: ({ path }) =>
    withDatabase(path, (database) =>
      database.exec("UPDATE _nasc_meta SET value = value + 1 WHERE key = 'format'"),
    ),
};

function withOptions(world: FileWorld, options: Partial<FileWorld['options']>): () => void {
  const before = world.options;
  world.options = { ...before, ...options };
  return () => (world.options = before);
}

function withDatabase<T>(path: string, work: (database: Database.Database) => T): T {
  const database = new Database(path);
  try {
    return work(database);
  } finally {
    database.close();
  }
}

function ioError(code: string): Error {
  return new Database.SqliteError('disk I/O error', code);
}
