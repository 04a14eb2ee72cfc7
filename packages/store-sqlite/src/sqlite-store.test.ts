import Database from 'better-sqlite3';
import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Hint, Write } from '@nasc/store-core';
import { SqliteStore } from './sqlite-store';
import { useTempFolder } from '@nasc/test-support';

const temp = useTempFolder();

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

function store(...args: ConstructorParameters<typeof SqliteStore>): SqliteStore {
  const made = new SqliteStore(...args);
  open.push(made);
  return made;
}

function sql(path: string): Database.Database {
  const database = new Database(path);
  open.push(database);
  return database;
}

describe('SqliteStore', () => {
  it('keeps an instance as one row that SQL can read', async () => {
    const path = temp('a.db');
    await store(path).persist('TodoList', 'my-list', {}, { items: [{ id: '1', done: false }] });
    const rows = sql(path).prepare("SELECT id, data ->> '$.items[0].done' AS done FROM TodoLists").all();
    expect(rows).toEqual([{ id: 'my-list', done: 0 }]);
  });

  it('tells its capabilities by its options', () => {
    const capabilities = (options: ConstructorParameters<typeof SqliteStore>[1]): unknown =>
      store(temp('a.db'), options).capabilities;
    expect(capabilities({})).toEqual({
      atomic: 'multi',
      idempotency: true,
      watch: 'host',
      durability: 'fsync',
    });
    expect(capabilities({ durability: 'relaxed' })).toMatchObject({ durability: 'relaxed' });
    expect(capabilities({ pragmas: { synchronous: 'OFF' } })).toMatchObject({ durability: 'none' });
    expect(capabilities({ pragmas: { synchronous: 'no' } })).toMatchObject({ durability: 'none' });
    expect(capabilities({ pragmas: { synchronous: 'on' } })).toMatchObject({ durability: 'relaxed' });
    expect(Object.isFrozen(capabilities({}))).toBe(true);
  });

  it.each<[string, () => unknown]>([
    ['no path', () => new SqliteStore(undefined as never)],
    ['an empty path', () => new SqliteStore('')],
    ['an object that is no Database', () => new SqliteStore({} as never)],
    ['a closed Database', () => new SqliteStore(new Database(':memory:').close())],
    ['an unknown durability', () => new SqliteStore(':memory:', { durability: 'quorum' as never })],
    ['a negative time', () => new SqliteStore(':memory:', { busyTimeout: -1 })],
    [
      'a pragma that is more than a pragma',
      () => new SqliteStore(':memory:', { pragmas: { cache_size: '1; DROP' } }),
    ],
    ['a synchronous that is none', () => new SqliteStore(':memory:', { pragmas: { synchronous: 'ful' } })],
    ['a misspelt option', () => new SqliteStore(':memory:', { durabilty: 'relaxed' } as never)],
    ['a readonly that is no boolean', () => new SqliteStore(':memory:', { readonly: 'yes' as never })],
    ['null for its options', () => new SqliteStore(':memory:', null as never)],
    ['a tableForType that is no function', () => new SqliteStore(':memory:', { tableForType: 'x' as never })],
  ])('refuses %s with a TypeError', (_name, construct) => {
    expect(construct).toThrow(TypeError);
  });

  it('writes nothing to a file that it opened for reading', async () => {
    const path = temp('a.db');
    await store(path).commit([{ type: 'T', id: 'a', diff: {}, full: { n: 1 } }], { eventId: 'e' });
    const reading = store(path, { readonly: true });
    expect(await reading.loadVersioned('T', 'a')).toMatchObject({ state: { n: 1 }, rev: 1 });
    await expect(reading.persist('T', 'a', {}, {})).rejects.toMatchObject({ code: 'STORE_READONLY' });
    await expect(reading.remove('T', 'a')).rejects.toThrow('opened with readonly: true');
    await expect(store(temp('absent.db'), { readonly: true }).load('T', 'a')).rejects.toMatchObject({
      code: 'STORE_IO',
    });
  });

  it.each([
    ['no/such/folder.db', {}, 'its folder does not exist; create it.'],
    ['absent.db', { readonly: true }, 'there is no such file to be read.'],
    ['.', {}, 'it is a folder; pass the path of a file.'],
  ])('tells why it cannot open %j', async (name, options, reason) => {
    const opening = store(temp(name), options).load('T', 'a');
    await expect(opening).rejects.toMatchObject({ code: 'STORE_IO', cause: expect.anything() });
    await expect(opening).rejects.toThrow(reason);
  });

  it.each([
    ['file:///srv/app.db', 'url.fileURLToPath()'],
    ['sqlite:dev.db', 'Leave out the scheme: "dev.db"'],
    ['sqlite://dev.db', 'Leave out the scheme: "dev.db"'],
    [':memory: ', 'ends with a blank'],
    [' ', 'ends with a blank'],
    ['app.db\n', 'ends with a blank'],
    ['', "Pass the path of a file, ':memory:'"],
  ])('refuses the name %j, which SQLite or its driver would bend', (name, way) => {
    expect(() => new SqliteStore(name)).toThrow(TypeError);
    expect(() => new SqliteStore(name)).toThrow(way);
  });

  it('takes a relative path as it is meant where the store is made', async () => {
    const before = process.cwd();
    const [here, there] = [dirname(temp('here/x')), dirname(temp('there/x'))];
    for (const folder of [here, there]) mkdirSync(folder, { recursive: true });
    try {
      process.chdir(here);
      const made = store('relative.db');
      process.chdir(there);
      await made.persist('T', 'a', {}, {});
      expect(existsSync(join(here, 'relative.db'))).toBe(true);
    } finally {
      process.chdir(before);
    }
  });

  it('tells when what it opens is no database', async () => {
    const text = temp('text.db');
    copyFileSync(__filename, text);
    await expect(store(text).load('T', 'a')).rejects.toMatchObject({ code: 'STORE_CORRUPT' });
  });

  it('keeps nothing of :memory:, and says so', async () => {
    const memory = store(':memory:');
    expect(memory.capabilities).toMatchObject({ durability: 'none', watch: 'process' });
    await memory.persist('T', 'a', {}, { n: 1 });
    expect(await memory.load('T', 'a')).toEqual({ n: 1 });
    expect(await store(':memory:').load('T', 'a')).toBeNull();
  });

  it('refuses a database of a newer format', async () => {
    const path = temp('a.db');
    await store(path).persist('T', 'a', {}, {});
    sql(path).exec("UPDATE _nasc_meta SET value = 2 WHERE key = 'format'");
    await expect(store(path).load('T', 'a')).rejects.toMatchObject({ code: 'STORE_SCHEMA' });
  });

  it('plans what commit would run, and runs nothing', async () => {
    const path = temp('a.db');
    const planning = store(path);
    await planning.persist('User', 'ada', {}, { n: 1 });
    const writes: Write[] = [
      { type: 'User', id: 'ada', diff: {}, full: { n: 2 } },
      { type: 'User', id: 'bob', diff: {}, full: null },
      { type: 'New', id: 'x', diff: {}, full: {} },
      { type: 'new', id: 'x', diff: {}, full: {} },
      { type: 'Absent', id: 'x', diff: {}, full: null },
    ];
    const plan = await planning.plan(writes);
    expect(plan.filter(({ sql }) => !/TRIGGER/.test(sql))).toEqual([
      { sql: expect.stringMatching(/^INSERT INTO "Users".*ON CONFLICT/), params: ['ada', '{"n":2}'] },
      { sql: 'DELETE FROM "Users" WHERE id = ?', params: ['bob'] },
      { sql: expect.stringMatching(/^CREATE TABLE "News"/), params: [] },
      { sql: expect.stringMatching(/^INSERT INTO _nasc_types/), params: [2, 'New', 'News'] },
      { sql: expect.stringMatching(/^INSERT INTO "News"/), params: ['x', '{}'] },
      { sql: expect.stringMatching(/^CREATE TABLE "news_2"/), params: [] },
      { sql: expect.stringMatching(/^INSERT INTO _nasc_types/), params: [3, 'new', 'news_2'] },
      { sql: expect.stringMatching(/^INSERT INTO "news_2"/), params: ['x', '{}'] },
    ]);
    expect(await planning.load('User', 'ada')).toEqual({ n: 1 });
    // The plan is the truth: run by hand, it does what the commit does.
    const database = sql(path);
    for (const { sql: text, params } of plan) database.prepare(text).run(...params);
    expect(await planning.load('User', 'ada')).toEqual({ n: 2 });
    expect(await planning.list('new')).toEqual(['x']);
  });

  it('gives a corrupt row its rev, lists it, and lets it be overwritten or removed', async () => {
    const path = temp('a.db');
    const held = store(path);
    const database = sql(path);
    for (const [id, data] of [
      ['text', 'not json'],
      ['array', '[1]'],
      ['null', 'null'],
      ['blob', Buffer.from('{}')],
    ] as const) {
      // prettier-ignore
      await held.persist('T', id, {}, { n: 1 });
      database.prepare('UPDATE Ts SET data = ? WHERE id = ?').run(data, id);
      await expect(held.load('T', id)).rejects.toMatchObject({
        code: 'STORE_CORRUPT',
        type: 'T',
        id,
        rev: 2,
      });
      await expect(held.loadVersioned('T', id)).rejects.toMatchObject({ code: 'STORE_CORRUPT', rev: 2 });
    }
    expect(await held.list('T')).toEqual(['array', 'blob', 'null', 'text']);
    const repair = [{ type: 'T', id: 'text', diff: {}, full: { n: 2 }, ifRev: 2 }];
    expect(await held.commit(repair)).toEqual({ status: 'committed', revs: [3] });
    expect(await held.remove('T', 'array', { ifRev: 2 })).toBe(true);
    expect(await held.load('T', 'text')).toEqual({ n: 2 });
  });

  it('follows what other connections write, by hand too, and ends with the last listener', async () => {
    const path = temp('a.db');
    const held = store(path);
    await held.persist('T', 'a', {}, {});
    const hints: Hint[] = [];
    let arrived = Promise.withResolvers<void>();
    const end = await held.watch((hint) => {
      hints.push(hint);
      arrived.resolve();
    });
    const database = sql(path);
    database.exec("INSERT INTO Ts VALUES ('b', '{}')");
    await arrived.promise;
    arrived = Promise.withResolvers<void>();
    database.exec("DELETE FROM Ts WHERE id = 'a'");
    await arrived.promise;
    await held.persist('T', 'c', {}, {});
    expect(hints).toEqual([
      { type: 'T', id: 'b', rev: 1, removed: false },
      { type: 'T', id: 'a', rev: 2, removed: true },
      { type: 'T', id: 'c', rev: 1, removed: false },
    ]);
    await end();
    await held.persist('T', 'd', {}, {});
    expect(hints).toHaveLength(3);
  });

  it('tells a commit of more changes than it reads at once in full', async () => {
    const held = store(temp('a.db'), { durability: 'relaxed' });
    const seen = new Set<string>();
    const all = Promise.withResolvers<void>();
    await held.watch(({ id }) => {
      if (seen.add(id).size === 2_500) all.resolve();
    });
    const ids = Array.from({ length: 2_500 }, (_, i) => String(i));
    await held.commit(ids.map((id) => ({ type: 'T', id, diff: {}, full: {} })));
    await all.promise;
    expect(seen.size).toBe(2_500);
  });

  it('forgets an event id after its retention', async () => {
    const path = temp('a.db');
    const held = store(path, { eventRetention: 60_000 });
    const write = [{ type: 'T', id: 'a', diff: {}, full: {} }];
    await held.commit(write, { eventId: 'e\ud800' });
    expect(await held.commit(write, { eventId: 'e\ud800' })).toEqual({ status: 'duplicate', revs: [1] });
    expect(await held.commit(write, { eventId: 'e\ud801' })).toEqual({ status: 'committed', revs: [2] });
    sql(path).exec('UPDATE _nasc_events SET at = at - 60001');
    expect(await held.commit(write, { eventId: 'e\ud800' })).toEqual({ status: 'committed', revs: [3] });
    expect(sql(path).prepare('SELECT count(*) FROM _nasc_events').pluck().get()).toBe(1);
  });
});

describe("a caller's Database", () => {
  it('is not reconfigured and not closed', async () => {
    const database = sql(temp('a.db'));
    database.defaultSafeIntegers(true);
    const before = ['journal_mode', 'synchronous', 'foreign_keys', 'cache_size'].map((name) =>
      database.pragma(name),
    );
    const held = store(database);
    expect(held.capabilities).toMatchObject({ durability: 'fsync', watch: 'host' });
    expect(await held.commit([{ type: 'T', id: 'a', diff: {}, full: {} }])).toEqual({
      status: 'committed',
      revs: [1],
    });
    expect(await held.loadVersioned('T', 'a')).toMatchObject({ rev: 1 });
    await held.close();
    expect(database.open).toBe(true);
    expect(
      ['journal_mode', 'synchronous', 'foreign_keys', 'cache_size'].map((name) => database.pragma(name)),
    ).toEqual(before);
    expect(database.prepare('SELECT 1').pluck().get()).toBe(1n);
  });

  it.each(['a.db', ':memory:'])('tells watchers what the caller writes by it (%s)', async (name) => {
    const database = new Database(name === 'a.db' ? temp(name) : name);
    const held = store(database);
    await held.persist('T', 'a', {}, { n: 1 });
    const hint = Promise.withResolvers<Hint>();
    await held.watch(hint.resolve);
    database.exec("UPDATE Ts SET data = '{}'");
    expect(await hint.promise).toEqual({ type: 'T', id: 'a', rev: 2, removed: false });
    await held.close();
    database.close();
  });

  it('tells its durability by what it is set to', () => {
    const database = sql(temp('a.db'));
    database.pragma('journal_mode = WAL');
    database.pragma('synchronous = NORMAL');
    expect(store(database).capabilities.durability).toBe('relaxed');
    expect(store(sql(':memory:')).capabilities).toMatchObject({ durability: 'none', watch: 'process' });
  });

  it('refuses calls while the caller is inside a transaction, and works again after it', async () => {
    const database = sql(temp('a.db'));
    const held = store(database);
    await held.persist('T', 'a', {}, { n: 1 });
    const queued = held.persist('T', 'a', {}, { n: 2 });
    database.exec('BEGIN');
    await expect(held.load('T', 'b')).rejects.toMatchObject({ code: 'STORE_UNSUPPORTED' });
    await expect(held.persist('T', 'a', {}, { n: 3 })).rejects.toMatchObject({ code: 'STORE_UNSUPPORTED' });
    await expect(queued).rejects.toMatchObject({ code: 'STORE_UNSUPPORTED' });
    database.exec('COMMIT');
    expect(await held.load('T', 'a')).toEqual({ n: 1 });
  });
});

describe('tables', () => {
  it('are one per type, also where SQLite folds case or forbids a name', async () => {
    const path = temp('a.db');
    const types = [
      'User',
      'user',
      'USER',
      'sqlite_x',
      '_nasc_meta',
      'a"b',
      'select',
      'x\0',
      'x␀',
      '日本',
      'User_2',
      'a b',
    ];
    const held = store(path);
    for (const type of types) await held.persist(type, 'id', {}, { type });
    const again = store(path);
    for (const type of types) expect(await again.load(type, 'id')).toEqual({ type });
    const tables = sql(path).prepare('SELECT tbl FROM _nasc_types').pluck().all() as string[];
    expect(new Set(tables.map((name) => name.toLowerCase())).size).toBe(types.length);
  });

  it('are named by tableForType, which the database remembers', async () => {
    const path = temp('a.db');
    await store(path, { tableForType: (type) => `app_${type}` }).persist('User', 'a', {}, { n: 1 });
    expect(sql(path).prepare('SELECT id FROM app_User').pluck().all()).toEqual(['a']);
    expect(await store(path).load('User', 'a')).toEqual({ n: 1 });
    for (const name of ['', 'sqlite_x', '_nasc_x', 'a\0b', undefined]) {
      const wrong = store(path, { tableForType: () => name as string });
      await expect(wrong.persist('Other', 'a', {}, {})).rejects.toMatchObject({ code: 'STORE_SCHEMA' });
    }
  });

  it("leave a user's table of another shape alone", async () => {
    const path = temp('a.db');
    const database = sql(path);
    database.exec(
      'CREATE TABLE orders (id INTEGER PRIMARY KEY, data TEXT); INSERT INTO orders VALUES (1, \'{"mine":1}\')',
    );
    database.exec('CREATE TABLE folds (id TEXT COLLATE NOCASE PRIMARY KEY, data TEXT)');
    const held = store(path);
    expect(await held.load('Order', '1')).toBeNull();
    await held.persist('Order', '1', {}, { ours: 1 });
    await held.persist('Fold', 'A', {}, { n: 1 });
    expect(await held.load('Fold', 'a')).toBeNull();
    expect(database.prepare('SELECT * FROM orders').all()).toEqual([{ id: 1, data: '{"mine":1}' }]);
    const named = store(path, { tableForType: () => 'orders' });
    await expect(named.persist('Sale', '1', {}, {})).rejects.toMatchObject({ code: 'STORE_SCHEMA' });
  });

  it('are not made by loading', async () => {
    const path = temp('a.db');
    const held = store(path);
    expect(await held.load('T', 'a')).toBeNull();
    expect(await held.list('T')).toEqual([]);
    expect(await held.remove('T', 'a')).toBe(false);
    expect(sql(path).prepare("SELECT name FROM sqlite_master WHERE tbl_name = 'Ts'").all()).toEqual([]);
  });

  it('that were dropped and made anew behind our back use no rev twice', async () => {
    const path = temp('a.db');
    const held = store(path);
    await held.persist('T', 'a', {}, { n: 1 });
    await held.persist('T', 'b', {}, { n: 1 });
    await held.close();
    sql(path).exec(
      "DROP TABLE Ts; CREATE TABLE Ts (id TEXT PRIMARY KEY, data TEXT); INSERT INTO Ts VALUES ('a', '{\"n\":9}')",
    );
    const again = store(path);
    expect(await again.loadVersioned('T', 'a')).toMatchObject({ state: { n: 9 }, rev: 2 });
    expect(await again.commit([{ type: 'T', id: 'b', diff: {}, full: {}, ifRev: 0 }])).toMatchObject({
      revs: [3],
    });
  });

  it('that are made anew while the store is open lose no update', async () => {
    const held = store(temp('a.db'));
    await held.persist('T', 'a', {}, { n: 1 });
    sql(temp('a.db')).exec(`
      CREATE TABLE other (id TEXT PRIMARY KEY, data TEXT); INSERT INTO other SELECT * FROM Ts;
      DROP TABLE Ts; ALTER TABLE other RENAME TO Ts; UPDATE Ts SET data = '{"n":9}'`);
    const write = (n: number, ifRev: number) => [{ type: 'T', id: 'a', diff: {}, full: { n }, ifRev }];
    await expect(held.commit(write(2, 1))).rejects.toMatchObject({ code: 'STORE_CONFLICT', actual: 2 });
    expect(await held.loadVersioned('T', 'a')).toMatchObject({ state: { n: 9 }, rev: 2 });
    expect(await held.commit(write(3, 2))).toMatchObject({ revs: [3] });
    expect(await held.commit([{ type: 'T', id: 'new', diff: {}, full: {} }])).toMatchObject({ revs: [1] });
  });
});
