import { timers } from '@nasc/store-core';
import Database from 'better-sqlite3';
import { SqliteStore } from './sqlite-store';
import { useTempFolder } from '@nasc/test-support';

const temp = useTempFolder();
const DAY = 24 * 3_600_000;

let clock = 0;
beforeEach(() => {
  clock = Date.parse('2026-01-01');
  jest.spyOn(timers, 'steadyTime').mockImplementation(() => clock);
});
afterEach(() => jest.restoreAllMocks());

const closing: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of closing.splice(0).reverse()) await one.close();
});

/** A store, and a look at its tables from beside it. */
function open(options: ConstructorParameters<typeof SqliteStore>[1] = {}): {
  store: SqliteStore;
  database: Database.Database;
  records: () => string[];
  floor: () => unknown;
} {
  const store = new SqliteStore(temp('a.db'), { durability: 'relaxed', ...options });
  const database = new Database(temp('a.db'));
  closing.push(store, database);
  const records = 'SELECT id FROM _nasc_revs ORDER BY seq';
  return {
    store,
    database,
    records: () => database.prepare(records).pluck().all() as string[],
    floor: () => database.prepare("SELECT value FROM _nasc_meta WHERE key = 'floor'").pluck().get(),
  };
}

const removal = (id: string) => ({ type: 'T', id, diff: {}, full: null });

async function revAfter(store: SqliteStore, id: string): Promise<number | undefined> {
  return (await store.commit([{ type: 'T', id, diff: {}, full: {} }])).revs[0];
}

describe('tombstoneRetention', () => {
  it('forgets a removed instance after it, and never uses its revs again', async () => {
    const { store, records, floor } = open();
    for (let n = 0; n < 5; n++) await store.persist('T', 'old', {}, { n });
    await store.persist('T', 'live', {}, {});
    await store.remove('T', 'old');
    clock += 20 * DAY;
    await store.persist('T', 'young', {}, {});
    await store.remove('T', 'young');
    clock += 20 * DAY;
    await store.persist('T', 'now', {}, {});
    expect(records()).toEqual(['live', 'young', 'now']);
    expect(floor()).toBe(6);
    expect(await revAfter(store, 'old')).toBe(7);
    expect(await revAfter(store, 'brand new')).toBe(7);
    expect(await revAfter(store, 'young')).toBe(3);
    expect(await revAfter(store, 'live')).toBe(2);
    clock += 40 * DAY;
    await store.remove('T', 'old');
    expect(await revAfter(store, 'old')).toBe(9);
  });

  it('lets the floor only rise', async () => {
    const { store, records, floor } = open();
    for (let n = 0; n < 5; n++) await store.persist('T', 'high', {}, { n });
    await store.persist('T', 'low', {}, {});
    for (const id of ['high', 'low']) {
      clock += 5 * DAY;
      await store.remove('T', id);
    }
    for (const left of [['low', 'tick'], ['tick']]) {
      clock += 28 * DAY - (left.length - 1) * 2 * DAY;
      await store.persist('T', 'tick', {}, {});
      expect(records()).toEqual(left);
      expect(floor()).toBe(6);
    }
  });

  it('counts from the removal, to a thirtieth', async () => {
    const { store, records } = open({ tombstoneRetention: 32 * DAY });
    await store.persist('T', 'x', {}, {});
    for (let day = 0; day < 10; day++) {
      clock += DAY;
      await store.persist('T', 'tick', {}, {});
    }
    await store.remove('T', 'x');
    for (let day = 0; day < 32; day++) {
      expect(records()).toContain('x');
      clock += DAY;
      await store.persist('T', 'tick', {}, {});
    }
    clock += DAY;
    await store.persist('T', 'tick', {}, {});
    expect(records()).toEqual(['tick']);
  });

  it('keeps the record of the last change, so that seq does not go back', async () => {
    const { store, database, records } = open();
    await store.persist('T', 'a', {}, {});
    await store.remove('T', 'a');
    const last = database.prepare('SELECT max(seq) FROM _nasc_revs').pluck();
    const before = last.get() as number;
    clock += 40 * DAY;
    // Writes nothing, and yet looks for what to forget.
    expect(await store.remove('T', 'absent')).toBe(false);
    expect(records()).toEqual(['a']);
    clock += 40 * DAY;
    await store.persist('T', 'b', {}, {});
    expect(records()).toEqual(['b']);
    expect(last.get()).toBe(before + 1);
  });

  it('forgets a bounded number at each commit, and all in the end', async () => {
    const { store, records } = open();
    const ids = Array.from({ length: 100 }, (_, i) => String(i));
    await store.commit(ids.map((id) => ({ type: 'T', id, diff: {}, full: {} })));
    await store.commit(ids.map(removal));
    clock += 40 * DAY;
    const left: number[] = [];
    for (let n = 0; n < 6; n++) {
      await store.persist('T', 'x', {}, { n });
      left.push(records().length - 1);
    }
    expect(left).toEqual([78, 56, 34, 12, 0, 0]);
  });

  it('forgets faster than one commit after another can remove', async () => {
    const { store, records } = open({ tombstoneRetention: 1_000 });
    const ids = Array.from({ length: 200 }, (_, i) => String(i));
    const peaks: number[] = [];
    for (let n = 0; n < 20; n++) {
      clock += 1_000;
      await store.commit(ids.map((id) => ({ type: 'T', id: `${n}-${id}`, diff: {}, full: {} })));
      await store.commit(ids.map((id) => removal(`${n}-${id}`)));
      peaks.push(records().length);
    }
    expect(Math.max(...peaks)).toBeLessThanOrEqual(600);
  });

  it('leaves alone what is being written (removed = 2)', async () => {
    const { store, database, records } = open();
    for (const id of ['a', 'b']) await store.persist('T', id, {}, {});
    for (const id of ['a', 'b']) await store.remove('T', id);
    database.exec("UPDATE _nasc_revs SET removed = 2 WHERE id = 'b'");
    await store.persist('T', 'x', {}, {});
    clock += 40 * DAY;
    await store.persist('T', 'y', {}, {});
    expect(records()).toEqual(['b', 'x', 'y']);
  });

  it('survives a clock that is set back and forth, with few marks', async () => {
    const { store, database, records } = open();
    for (let n = 0; n < 300; n++) {
      clock += n % 3 === 0 ? -2 * DAY : 2 * DAY;
      await store.persist('T', String(n), {}, {});
      await store.remove('T', String(n));
    }
    expect(records().length).toBeLessThan(150);
    expect(database.prepare('SELECT count(*) FROM _nasc_marks').pluck().get()).toBeLessThan(100);
    // Set back for good: what is removed from now on is forgotten in its time all the same.
    clock -= 10_000 * DAY;
    await store.persist('T', 'late', {}, {});
    database.exec("DELETE FROM Ts WHERE id = 'late'");
    for (let n = 0; n < 20; n++) {
      clock += 3 * DAY;
      await store.persist('T', 'tick', {}, {});
    }
    expect(records()).toEqual(['tick']);
  });

  it('gives rows that come back without triggers a rev above what was forgotten', async () => {
    const { store, database, floor } = open();
    for (const id of ['a', 'b']) for (let n = 0; n < 5; n++) await store.persist('T', id, {}, { n });
    await store.remove('T', 'a');
    clock += 40 * DAY;
    await store.persist('T', 'b', {}, {});
    expect(floor()).toBe(6);
    await store.close();
    database.exec(
      `DROP TABLE Ts; CREATE TABLE Ts (id TEXT PRIMARY KEY, data TEXT); INSERT INTO Ts VALUES ('a', '{"n":9}'), ('c', '{}')`,
    );
    const again = open();
    expect(await again.store.loadVersioned('T', 'a')).toMatchObject({ state: { n: 9 }, rev: 7 });
    expect(await again.store.loadVersioned('T', 'c')).toMatchObject({ rev: 7 });
    expect(await again.store.load('T', 'b')).toBeNull();
    // The record of b is a tombstone by now; that of a and c is none.
    expect(again.database.prepare('SELECT id, removed FROM _nasc_revs ORDER BY id').raw().all()).toEqual([
      ['a', 0],
      ['b', 1],
      ['c', 0],
    ]);
    expect(await revAfter(again.store, 'b')).toBe(8);
  });

  it('can be without end; less than a second is refused', async () => {
    const { store, records } = open({ tombstoneRetention: Infinity });
    await store.persist('T', 'a', {}, {});
    await store.remove('T', 'a');
    clock += 10_000 * DAY;
    await store.persist('T', 'b', {}, {});
    expect(records()).toEqual(['a', 'b']);
    expect(() => new SqliteStore(':memory:', { tombstoneRetention: 999 })).toThrow(TypeError);
  });
});

describe('eventRetention', () => {
  it('remembers an event through a clock that is set back, and forgets it in the end', async () => {
    const { store, database } = open();
    const commit = (eventId: string) =>
      store.commit([{ type: 'T', id: 'a', diff: {}, full: {} }], { eventId });
    await commit('e');
    for (const days of [-400, 399, 7]) {
      clock += days * DAY;
      expect(await commit('e')).toEqual({ status: 'duplicate', revs: [1] });
    }
    clock += 2 * DAY;
    expect(await commit('f')).toEqual({ status: 'committed', revs: [2] });
    expect(await commit('e')).toEqual({ status: 'committed', revs: [3] });
    expect(database.prepare('SELECT count(*) FROM _nasc_events').pluck().get()).toBe(2);
  });
});
