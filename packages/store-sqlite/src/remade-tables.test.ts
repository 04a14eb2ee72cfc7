import Database from 'better-sqlite3';
import { SqliteStore } from './sqlite-store';
import { useTempFolder } from '@nasc/test-support';

const temp = useTempFolder();
const closing: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of closing.splice(0)) await one.close();
});

function open(): SqliteStore {
  const made = new SqliteStore(temp('a.db'));
  closing.push(made);
  return made;
}

function sql(): Database.Database {
  const database = new Database(temp('a.db'));
  closing.push(database);
  return database;
}

const write = (id: string, n: number, ifRev?: number) => [{ type: 'T', id, diff: {}, full: { n }, ifRev }];

describe('a table that is made anew by hand while the store is open', () => {
  it('has its triggers again as soon as something is written', async () => {
    const held = open();
    await held.persist('T', 'a', {}, { n: 1 });
    const database = sql();
    database.exec(`
      CREATE TABLE other (id TEXT PRIMARY KEY, data TEXT); INSERT INTO other SELECT * FROM Ts;
      DROP TABLE Ts; ALTER TABLE other RENAME TO Ts; UPDATE Ts SET data = '{"n":9}'`);
    await held.persist('T', 'b', {}, {});
    expect(await held.loadVersioned('T', 'a')).toMatchObject({ state: { n: 9 }, rev: 2 });
    database.exec(`UPDATE Ts SET data = '{"n":10}'`);
    expect(await held.loadVersioned('T', 'a')).toMatchObject({ state: { n: 10 }, rev: 3 });
  });

  it('takes back the triggers that the old one, renamed, has kept', async () => {
    const held = open();
    await held.persist('T', 'a', {}, { n: 1 });
    const database = sql();
    database.exec(`
      ALTER TABLE Ts RENAME TO old; CREATE TABLE Ts (id TEXT PRIMARY KEY, data TEXT);
      INSERT INTO Ts SELECT * FROM old`);
    expect(await held.commit(write('new', 1))).toMatchObject({ revs: [1] });
    expect(await held.loadVersioned('T', 'a')).toMatchObject({ rev: 2 });
    database.exec('DELETE FROM old');
    expect(await held.loadVersioned('T', 'a')).toMatchObject({ rev: 2 });
    expect(await held.commit(write('a', 2, 2))).toMatchObject({ revs: [3] });
  });

  it('is made by the next write where it was renamed', async () => {
    const held = open();
    await held.persist('T', 'a', {}, { n: 1 });
    sql().exec('ALTER TABLE Ts RENAME TO old');
    expect(await held.commit(write('a', 2, 0))).toMatchObject({ revs: [3] });
    expect(await held.commit(write('b', 1))).toMatchObject({ revs: [1] });
  });
});

it('a write whose rev somebody takes away is refused, and not answered without one', async () => {
  const held = open();
  await held.persist('T', 'a', {}, { n: 1 });
  sql().exec(
    'CREATE TRIGGER mine AFTER INSERT ON _nasc_revs BEGIN DELETE FROM _nasc_revs WHERE id = NEW.id; END',
  );
  await expect(held.commit(write('b', 1))).rejects.toMatchObject({ code: 'STORE_SCHEMA' });
  expect(await held.load('T', 'b')).toBeNull();
});
