import { timers } from '@nasc/store-core';
import Database from 'better-sqlite3';
import { SqliteStore } from '../sqlite-store';
import { stopClock, useTempFolder, type StoppedClock } from '@nasc/test-support';
import { hookStatements } from '../test-support/statement-hooks';
import { GroupCommit, type TransactionControl } from './group-commit';
import type { SqliteDatabase } from './sqlite-database';

const temp = useTempFolder();
const closing: { close(): unknown }[] = [];
// A batch is bounded in time, too: where it is cut must not depend on the machine.
let clock: StoppedClock;
beforeEach(() => (clock = stopClock(timers)));
afterEach(async () => {
  for (const one of closing.splice(0).reverse()) await one.close();
  jest.restoreAllMocks();
});

/** A store on a real file, whose transactions are counted. */
function open(): { store: SqliteStore; database: Database.Database; begun: () => number } {
  const database = new Database(temp('a.db'));
  database.pragma('journal_mode = WAL');
  let begun = 0;
  const counted = new Proxy(database, {
    get(target, key) {
      if (key === 'prepare') {
        return (sql: string) => {
          const statement = target.prepare(sql);
          if (sql !== 'BEGIN IMMEDIATE') return statement;
          return { safeIntegers: () => ({ run: () => (begun++, statement.run()) }) };
        };
      }
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  }) as unknown as SqliteDatabase;
  const store = new SqliteStore(counted);
  closing.push(database, store);
  return { store, database, begun: () => begun };
}

const outcomes = async (calls: Promise<unknown>[]): Promise<string[]> =>
  (await Promise.allSettled(calls)).map((one) =>
    one.status === 'fulfilled' ? 'ok' : (one.reason as { code: string }).code,
  );

describe('group commit', () => {
  it('puts the commits of one turn into one transaction', async () => {
    const { store, begun } = open();
    await store.persist('T', 'first', {}, {});
    const before = begun();
    await Promise.all(Array.from({ length: 20 }, (_, i) => store.persist('T', `${i}`, {}, { i })));
    expect(begun() - before).toBe(1);
    expect(await store.list('T')).toHaveLength(21);
  });

  it('holds the event loop for no longer than a batch may take, however many commits arrive', async () => {
    const { store, begun } = open();
    await store.persist('T', 'first', {}, {});
    const before = begun();
    const stop = hookStatements((_path, sql) => {
      if (sql.startsWith('INSERT INTO "Ts"')) clock.advance(4);
    });
    await Promise.all(Array.from({ length: 9 }, (_, i) => store.persist('T', `${i}`, {}, { i })));
    stop();
    // Of 10 ms, and one commit of 4 ms more.
    expect(begun() - before).toBe(3);
  });

  it('answers nothing before the COMMIT', async () => {
    const { store, database } = open();
    await store.persist('T', 'a', {}, { n: 0 });
    let answered = false;
    const write = store.persist('T', 'a', {}, { n: 1 }).then(() => (answered = true));
    const load = store.load('T', 'a').then((state) => ({ state, inTransaction: database.inTransaction }));
    expect(answered).toBe(false);
    expect(await load).toEqual({ state: { n: 1 }, inTransaction: false });
    await write;
  });

  it('lets a conflict reject alone', async () => {
    const { store, begun } = open();
    await store.persist('T', 'a', {}, { n: 0 });
    const before = begun();
    const stale = [{ type: 'T', id: 'a', diff: {}, full: { n: 9 }, ifRev: 99 }];
    const calls = [
      store.persist('T', 'a', {}, { n: 1 }),
      store.commit(stale),
      store.persist('T', 'b', {}, { n: 2 }),
    ];
    expect(await outcomes(calls)).toEqual(['ok', 'STORE_CONFLICT', 'ok']);
    expect(begun() - before).toBe(1);
    expect(await store.loadVersioned('T', 'a')).toMatchObject({ state: { n: 1 }, rev: 2 });
  });

  it('runs the members of a failed batch one by one, so that only the failing one rejects', async () => {
    const { store, database } = open();
    await store.persist('T', 'a', {}, { n: 0 });
    database.exec(
      `CREATE TRIGGER picky BEFORE INSERT ON Ts WHEN NEW.id = 'bad' BEGIN SELECT RAISE(ABORT, 'no'); END`,
    );
    const seen: unknown[] = [];
    const calls = [
      store.persist('T', 'a', {}, { n: 1 }),
      store.persist('T', 'bad', {}, {}),
      store.load('T', 'a').then((state) => seen.push(state)),
      store.persist('T', 'a', {}, { n: 2 }),
    ];
    expect(await outcomes(calls)).toEqual(['ok', 'STORE_SCHEMA', 'ok', 'ok']);
    expect(seen).toEqual([{ n: 1 }]);
    expect(await store.loadVersioned('T', 'a')).toMatchObject({ state: { n: 2 }, rev: 3 });
  });

  it('survives a full disk in the middle of a batch', async () => {
    const { store, database } = open();
    await store.persist('T', 'a', {}, { n: 0 });
    database.pragma(`max_page_count = ${Number(database.pragma('page_count', { simple: true })) + 4}`);
    const calls = [
      store.persist('T', 'a', {}, { n: 1 }),
      store.persist('T', 'big', {}, { text: 'x'.repeat(1_000_000) }),
      store.persist('T', 'b', {}, { n: 2 }),
    ];
    expect(await outcomes(calls)).toEqual(['ok', 'STORE_FULL', 'ok']);
    expect(await store.list('T')).toEqual(['a', 'b']);
    expect(await store.loadVersioned('T', 'a')).toMatchObject({ state: { n: 1 }, rev: 2 });
    database.pragma('max_page_count = 1000000');
    await store.persist('T', 'big', {}, { text: 'x'.repeat(1_000_000) });
    expect(await store.list('T')).toEqual(['a', 'b', 'big']);
  });

  it('survives a failing COMMIT', async () => {
    const { store, database } = open();
    await store.persist('T', 'a', {}, { n: 0 });
    // A deferred foreign key is checked by COMMIT.
    database.pragma('foreign_keys = ON');
    database.exec(`
      CREATE TABLE allowed (id TEXT PRIMARY KEY);
      CREATE TABLE used (id TEXT REFERENCES allowed (id) DEFERRABLE INITIALLY DEFERRED);
      CREATE TRIGGER uses AFTER INSERT ON Ts WHEN NEW.id = 'bad' BEGIN INSERT INTO used VALUES (NEW.id); END;`);
    const calls = [
      store.persist('T', 'b', {}, { n: 1 }),
      store.persist('T', 'bad', {}, {}),
      store.persist('New', 'c', {}, { n: 2 }),
    ];
    expect(await outcomes(calls)).toEqual(['ok', 'STORE_SCHEMA', 'ok']);
    expect(await store.list('T')).toEqual(['a', 'b']);
    expect(await store.loadVersioned('New', 'c')).toMatchObject({ state: { n: 2 }, rev: 1 });
  });

  it('survives a trigger that rolls the transaction back', async () => {
    const { store, database } = open();
    await store.persist('T', 'a', {}, { n: 0 });
    database.exec(
      `CREATE TRIGGER harsh BEFORE INSERT ON Ts WHEN NEW.id = 'bad' BEGIN SELECT RAISE(ROLLBACK, 'no'); END`,
    );
    const calls = ['b', 'bad', 'c'].map((id) => store.persist('T', id, {}, {}));
    expect(await outcomes(calls)).toEqual(['ok', 'STORE_SCHEMA', 'ok']);
    expect(await store.list('T')).toEqual(['a', 'b', 'c']);
    expect(await store.loadVersioned('T', 'b')).toMatchObject({ rev: 1 });
  });

  it('does not take a write that a trigger ignored for written', async () => {
    const { store, database } = open();
    await store.persist('T', 'a', {}, { n: 0 });
    database.exec(
      `CREATE TRIGGER mute BEFORE INSERT ON Ts WHEN NEW.id = 'bad' BEGIN SELECT RAISE(IGNORE); END`,
    );
    expect(await outcomes([store.persist('T', 'bad', {}, {})])).toEqual(['STORE_SCHEMA']);
  });

  it('runs nothing of a batch outside its transaction when a read has ended it', async () => {
    const database = new Database(':memory:');
    closing.push(database);
    database.exec('CREATE TABLE t (n)');
    const commits = new GroupCommit(
      {
        inTransaction: () => database.inTransaction,
        begin: () => void database.exec('BEGIN'),
        began: () => undefined,
        commit: () => void database.exec('COMMIT'),
        rollback: () => void database.exec('ROLLBACK'),
        committed: () => undefined,
        rolledBack: () => undefined,
      },
      1_000,
    );
    const insert = (n: number): Promise<unknown> =>
      commits.enqueue([], () => ({ write: () => database.prepare('INSERT INTO t VALUES (?)').run(n) }));
    const read = commits.enqueue([], () => {
      // As SQLite does by itself after some I/O errors.
      database.exec('ROLLBACK');
      throw new Error('disk I/O error');
    });
    expect(await Promise.allSettled([insert(1), read, insert(2)])).toMatchObject([
      { status: 'fulfilled' },
      { status: 'rejected', reason: { message: 'disk I/O error' } },
      { status: 'fulfilled' },
    ]);
    expect(database.prepare('SELECT n FROM t').pluck().all()).toEqual([1, 2]);
  });

  describe('on a connection that fails', () => {
    const ioError = (): Error => Object.assign(new Error('disk I/O error'), { code: 'SQLITE_IOERR_FSYNC' });

    /** A connection in words; each method may be replaced. */
    function connection(own: Partial<TransactionControl> = {}): {
      control: TransactionControl;
      log: string[];
    } {
      const log: string[] = [];
      const control = {
        inTransaction: () => ['BEGIN'].includes(log.findLast((word) => /^[A-Z]+$/.test(word)) ?? ''),
        begin: () => void log.push('BEGIN'),
        began: () => undefined,
        commit: () => void log.push('COMMIT'),
        rollback: () => void log.push('ROLLBACK'),
        committed: () => undefined,
        rolledBack: () => undefined,
      };
      return { control: { ...control, ...own }, log };
    }

    it('does not run again what the disk may have, and says so', async () => {
      let failures = 1;
      const { control, log } = connection({
        commit: () => {
          if (failures-- > 0) throw ioError();
          log.push('COMMIT');
        },
      });
      const commits = new GroupCommit(control, 1_000);
      const write = (name: string): Promise<unknown> =>
        commits.enqueue([name], () => ({ write: () => log.push(name) }));
      expect(await outcomes([write('a'), write('b')])).toEqual(['STORE_UNCERTAIN', 'STORE_UNCERTAIN']);
      expect(await outcomes([write('c')])).toEqual(['ok']);
      expect(log).toEqual(['BEGIN', 'a', 'b', 'ROLLBACK', 'BEGIN', 'c', 'COMMIT']);
      expect(commits.isPending()).toBe(false);
    });

    it('ends the transaction when the first look into it fails, and rejects with why', async () => {
      const path = temp('look.db');
      const [store, other] = [new SqliteStore(path), new Database(path)];
      closing.push(other, store);
      await store.persist('T', 'a', {}, { n: 0 });
      const stop = hookStatements((_path, sql) => {
        if (sql === 'PRAGMA schema_version') throw ioError();
      });
      const failed = await outcomes([store.persist('T', 'a', {}, { n: 1 })]);
      stop();
      expect(failed).toEqual(['STORE_IO']);
      expect(() => other.exec('BEGIN IMMEDIATE; COMMIT')).not.toThrow();
      expect(await outcomes([store.persist('T', 'a', {}, { n: 2 })])).toEqual(['ok']);
    });

    it('leaves nobody waiting when not even the rollback works', async () => {
      let failures = 1;
      const { control, log } = connection({
        rollback: () => {
          log.push('ROLLBACK');
          if (failures-- > 0) throw ioError();
        },
      });
      const commits = new GroupCommit(control, 1_000);
      const bad = commits.enqueue([], () => ({
        write: () => {
          throw new Error('constraint');
        },
      }));
      const behind = commits.enqueue(['k'], () => ({ write: () => log.push('behind') }));
      expect((await Promise.allSettled([bad, behind])).map(({ status }) => status)).toEqual([
        'rejected',
        'rejected',
      ]);
      expect(await commits.enqueue(['k'], () => ({ result: 'again' }))).toBe('again');
    });

    it('does not count the time that the queue itself takes against the lock', async () => {
      const busyTimeout = 30;
      let begun = 0;
      const { control, log } = connection({
        begin: () => {
          // The lock is refused once, long after the jobs were queued.
          if (++begun === 3) throw Object.assign(new Error('locked'), { code: 'SQLITE_BUSY' });
          log.push('BEGIN');
        },
      });
      const commits = new GroupCommit(control, busyTimeout);
      const slow = (): Promise<unknown> =>
        commits.enqueue([], () => {
          clock.advance(busyTimeout);
          return { result: undefined };
        });
      expect(await outcomes([slow(), slow(), slow(), slow()])).toEqual(['ok', 'ok', 'ok', 'ok']);
      expect(begun).toBe(5);
    });
  });
});
