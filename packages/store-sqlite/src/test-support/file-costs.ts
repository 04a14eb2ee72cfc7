import Database from 'better-sqlite3';
import type { CostProbes } from '@nasc/store-core/conformance';
import type { FileWorld } from './file-world';
import { hookStatements } from './statement-hooks';

/** By path. */
const statements = new Map<string, number>();

// Importing this file is enough.
let stop = (): void => undefined;
beforeAll(() => (stop = hookStatements((path) => statements.set(path, (statements.get(path) ?? 0) + 1))));
afterAll(() => stop());

/** What the conformance suite counts of a database file. */
export const fileCosts: CostProbes<FileWorld> = {
  rowsWritten: ({ path }) => {
    const database = new Database(path);
    try {
      countRows(database);
      return database.prepare('SELECT n FROM _probe').pluck().get() as number;
    } finally {
      database.close();
    }
  },
  statements: ({ path }) => statements.get(path) ?? 0,
};

/** Triggers count what is written to any table, our own included; tables that are new get theirs here. */
function countRows(database: Database.Database): void {
  database.exec(
    'CREATE TABLE IF NOT EXISTS _probe (n); INSERT INTO _probe SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM _probe)',
  );
  const names = database
    .prepare(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB 'sqlite_*' AND name <> '_probe'",
    )
    .pluck()
    .all() as string[];
  for (const name of names) {
    for (const event of ['INSERT', 'UPDATE', 'DELETE']) {
      const trigger = `"_probe_${event}_${name}" AFTER ${event} ON "${name}"`;
      database.exec(`CREATE TRIGGER IF NOT EXISTS ${trigger} BEGIN UPDATE _probe SET n = n + 1; END`);
    }
  }
}
