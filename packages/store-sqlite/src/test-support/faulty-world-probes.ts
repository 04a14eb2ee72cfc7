import type { ConformanceTarget } from '@nasc/store-core/conformance';
import Database from 'better-sqlite3';
import { quoteIdentifier as quote } from '../internal/quote-identifier';
import type { FaultyWorld } from './faulty-world';

type Probes = Pick<ConformanceTarget<FaultyWorld>, 'raw' | 'faults' | 'probe'>;

/** What the conformance suite can do to a {@link FaultyWorld} of JSON documents, and count. */
export const faultyWorldProbes: Probes = {
  raw: {
    corrupt(world, type, id) {
      const database = new Database(world.path);
      const table = database.prepare('SELECT tbl FROM _nasc_types WHERE type = ?').pluck().get(type);
      database.prepare(`UPDATE ${quote(String(table))} SET data = 'not json' WHERE id = ?`).run(id);
      database.close();
    },
  },
  faults: {
    full(world) {
      world.setFull(true);
      return () => world.setFull(false);
    },
    readonly(world) {
      world.setReadonly(true);
      return () => world.setReadonly(false);
    },
    lock(world) {
      const other = new Database(world.path);
      other.exec('BEGIN IMMEDIATE');
      return () => other.close();
    },
    failWrite(world, nth, how) {
      world.failWrites(nth, how);
      return () => world.failWrites(Infinity, 'once');
    },
    failRead(world) {
      world.failReads(true);
      return () => world.failReads(false);
    },
    newerFormat(world) {
      const database = new Database(world.path);
      database.exec("UPDATE _nasc_meta SET value = 999 WHERE key = 'format'");
      database.close();
    },
  },
  probe: {
    rowsWritten: (world) => world.rowsWritten,
    statements: (world) => world.statements,
  },
};
