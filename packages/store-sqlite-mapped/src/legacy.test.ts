import Database from 'better-sqlite3';
import { chmodSync, copyFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SqliteMappedStore, type SqliteMappedStoreOptions } from './sqlite-mapped-store';
import { useTempFolder } from '@nasc/test-support';

const FIXTURES = join(__dirname, '../fixtures');
const json = (name: string): object => JSON.parse(readFileSync(join(FIXTURES, name), 'utf8')) as object;
const EXPECTED = json('legacy-mapped.expected.json') as Record<string, Record<string, unknown>>;
const options = { mapping: json('app.mapping.json'), schema: json('app.schema.json') };

const temp = useTempFolder();
const closing: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of closing.splice(0)) await one.close();
});

function legacy(): string {
  const path = temp('legacy.db');
  copyFileSync(join(FIXTURES, 'legacy-mapped.db'), path);
  chmodSync(path, 0o644);
  return path;
}

function open(path: string, more: Partial<SqliteMappedStoreOptions> = {}): SqliteMappedStore {
  const store = new SqliteMappedStore(path, { ...options, ...more });
  closing.push(store);
  return store;
}

function sql(path: string): Database.Database {
  const database = new Database(path);
  closing.push(database);
  return database;
}

async function expectAll(store: SqliteMappedStore): Promise<void> {
  for (const [type, instances] of Object.entries(EXPECTED)) {
    for (const [id, state] of Object.entries(instances)) {
      expect(JSON.stringify(await store.load(type, id))).toBe(JSON.stringify(state));
    }
    expect(await store.list(type)).toEqual(Object.keys(instances).sort());
  }
}

describe('a database written by the original', () => {
  it('is upgraded once, after a copy; every instance loads, in order', async () => {
    const path = legacy();
    await expectAll(open(path));
    expect(sql(`${path}.before-upgrade`).prepare('SELECT count(*) FROM todos').pluck().get()).toBe(6);
    const store = open(path);
    await expectAll(store);
    expect(existsSync(`${path}.before-upgrade-2`)).toBe(false);
    expect(await store.loadVersioned('TodoList', 'my-list')).toMatchObject({ rev: 1 });
    await store.persist(
      'TodoList',
      'empty',
      {},
      { id: 'empty', items: [{ id: 'n', title: 'new', completed: true }] },
    );
    const rows = sql(path)
      .prepare('SELECT id, title, completed FROM todos WHERE todo_list_id = ?')
      .all('empty');
    expect(rows).toEqual([{ id: 'n', title: 'new', completed: 1 }]);
  });

  it("keeps the user's index, trigger, view, cascading table and columns", async () => {
    const path = legacy();
    const before = sql(path);
    before.exec(`
      ALTER TABLE todos ADD COLUMN priority INTEGER DEFAULT 3;
      UPDATE todos SET priority = 1 WHERE id = '1';
      CREATE INDEX mine ON todos (title);
      CREATE TABLE log (what TEXT);
      CREATE TRIGGER logs AFTER UPDATE OF completed ON todos BEGIN INSERT INTO log VALUES (NEW.title); END;
      CREATE VIEW open_todos AS SELECT title FROM todos WHERE completed = 0;
      CREATE TABLE notes (list TEXT REFERENCES todo_lists (id) ON DELETE CASCADE, note TEXT);
      INSERT INTO notes VALUES ('my-list', 'call home');`);
    before.close();
    const store = open(path);
    await expectAll(store);
    const after = sql(path);
    after.pragma('foreign_keys = ON');
    const names =
      "SELECT name FROM sqlite_master WHERE name IN ('mine', 'logs', 'open_todos', 'idx_todos_todo_list_id')";
    expect(after.prepare(names).pluck().all().sort()).toEqual([
      'idx_todos_todo_list_id',
      'logs',
      'mine',
      'open_todos',
    ]);
    expect(after.prepare('SELECT DISTINCT priority FROM todos ORDER BY 1').pluck().all()).toEqual([1, 3]);
    expect(after.prepare('SELECT count(*) FROM open_todos').pluck().get()).toBe(3);
    const list = EXPECTED.TodoList?.['my-list'] as { items: { completed: boolean; title: string }[] };
    const items = list.items.map((item, i) => (i === 0 ? { ...item, completed: true } : item));
    await store.persist('TodoList', 'my-list', {}, { ...list, items });
    expect(after.prepare('SELECT what FROM log').pluck().all()).toEqual([list.items[0]?.title]);
    after.exec("DELETE FROM todo_lists WHERE id = 'my-list'");
    expect(after.prepare('SELECT count(*) FROM notes').pluck().get()).toBe(0);
    expect(await store.load('TodoList', 'my-list')).toBeNull();
  });

  it('is refused and left alone with upgrade: false', async () => {
    const path = legacy();
    await expect(open(path, { upgrade: false }).load('User', 'guest-1')).rejects.toMatchObject({
      code: 'STORE_SCHEMA',
    });
    await expect(open(path, { readonly: true }).load('User', 'guest-1')).rejects.toMatchObject({
      code: 'STORE_SCHEMA',
    });
    expect(existsSync(`${path}.before-upgrade`)).toBe(false);
    expect(sql(path).prepare('SELECT * FROM todos').all()).toHaveLength(6);
  });

  it.each([
    ['UNIQUE', 'id TEXT, email TEXT UNIQUE'],
    ['AUTOINCREMENT', 'id INTEGER PRIMARY KEY AUTOINCREMENT, email TEXT'],
    ['CHECK', "id TEXT, email TEXT CHECK (email LIKE '%@%')"],
    ['REFERENCES', 'id TEXT, email TEXT REFERENCES users (id)'],
    ['GENERATED', 'id TEXT, email TEXT AS (lower(id))'],
  ])('is refused and left alone with a table that has %s of its own', async (what, columns) => {
    const path = legacy();
    const before = sql(path);
    before.exec(`CREATE TABLE accounts (${columns})`);
    const types = { mapping: { Account: { 'x-na:store': { entity: 'accounts' } } }, schema: { $defs: { Account: {} } } };
    await expect(open(path, types).load('Account', 'a')).rejects.toThrow(`it has ${what}, which`);
    const create = before.prepare("SELECT sql FROM sqlite_master WHERE name = 'accounts'").pluck().get();
    expect(create).toBe(`CREATE TABLE accounts (${columns})`);
    expect(existsSync(`${path}.before-upgrade`)).toBe(false);
  }); // prettier-ignore

  it('is as it was when the upgrade fails', async () => {
    const path = legacy();
    const database = sql(path);
    // Two instances of one id: the original allowed them.
    database.exec("INSERT INTO todos (id, title) VALUES ('x', 'one'), ('x', 'two')");
    const before = database
      .prepare("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT GLOB '_nasc_*'")
      .all();
    database.close();
    await expect(open(path).load('User', 'guest-1')).rejects.toMatchObject({ code: 'STORE_SCHEMA' });
    const after = sql(path);
    expect(
      after.prepare("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT GLOB '_nasc_*'").all(),
    ).toEqual(before);
    expect(after.prepare('SELECT count(*) FROM todos').pluck().get()).toBe(8);
    after.exec("DELETE FROM todos WHERE title = 'two'");
    const store = open(path);
    expect(await store.load('Todo', 'x')).toEqual({ id: 'x', title: 'one' });
    expect(await store.load('TodoList', 'my-list')).toEqual(EXPECTED.TodoList?.['my-list']);
  });
});
