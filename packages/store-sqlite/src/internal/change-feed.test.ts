import { timers } from '@nasc/store-core';
import Database from 'better-sqlite3';
import { SqliteStore } from '../sqlite-store';
import { useTempFolder } from '@nasc/test-support';

const temp = useTempFolder();

describe('ChangeFeed', () => {
  it("tells nothing of a caller's transaction while it may be rolled back, and loses nothing by it", async () => {
    const setInterval = jest.spyOn(timers, 'setInterval');
    const [database, other] = [new Database(temp('a.db')), new Database(temp('a.db'))];
    try {
      database.pragma('journal_mode = WAL');
      const store = new SqliteStore(database);
      await store.persist('T', 'first', {}, {});
      const hints: string[] = [];
      await store.watch(({ id }) => hints.push(id));
      const [poll] = setInterval.mock.calls[0] as [() => void, number];
      other.exec("INSERT INTO Ts VALUES ('b', '{}')");
      database.exec("BEGIN; INSERT INTO Ts VALUES ('undone', '{}')");
      poll();
      database.exec('ROLLBACK');
      other.exec("INSERT INTO Ts VALUES ('c', '{}')");
      poll();
      await store.persist('T', 'd', {}, {});
      poll();
      expect(hints).toEqual(['b', 'c', 'd']);
      await store.close();
    } finally {
      setInterval.mockRestore();
      for (const one of [database, other]) one.close();
    }
  });
});
