import type { Hint, JsonObject } from '@nasc/store-core';
import { useStores } from './test-support/open-store';

const { store, sql } = useStores();

const todo = (id: string, completed = false): JsonObject => ({ id, title: `title ${id}`, completed });
const list = (...ids: string[]): JsonObject => ({ id: 'my', items: ids.map((id) => todo(id)) });
const ids = (state: unknown): string[] => (state as { items: { id: string }[] }).items.map(({ id }) => id);

describe('SQL by hand', () => {
  it('answers questions over the tables, in the order of the list', async () => {
    const held = store();
    await held.persist('TodoList', 'my', {}, { id: 'my', items: [todo('b'), todo('a', true), todo('c')] });
    const open = sql()
      .prepare('SELECT count(*) FROM todos WHERE todo_list_id = ? AND completed = 0')
      .pluck()
      .get('my');
    expect(open).toBe(2);
    const ordered = sql()
      .prepare('SELECT id FROM todos WHERE todo_list_id = ? ORDER BY _na_pos')
      .pluck()
      .all('my');
    expect(ordered).toEqual(['b', 'a', 'c']);
    expect(
      sql().prepare('SELECT typeof(id), typeof(title), typeof(completed) FROM todos LIMIT 1').raw().get(),
    ).toEqual(['text', 'text', 'integer']);
  });

  it.each<[string, string, (state: JsonObject) => unknown, unknown]>([
    ['an UPDATE', "UPDATE todos SET completed = 1 WHERE id = 'b'", (s) => (s.items as JsonObject[])[1]?.completed, true],
    ['an UPDATE to NULL', "UPDATE todos SET title = NULL WHERE id = 'b'", (s) => 'title' in ((s.items as JsonObject[])[1] ?? {}), false],
    ['an UPDATE to what does not decode', "UPDATE todos SET completed = 'maybe' WHERE id = 'b'", (s) => (s.items as JsonObject[])[1]?.completed, 'maybe'],
    ['a DELETE', "DELETE FROM todos WHERE id = 'b'", ids, ['a', 'c']],
    ['an INSERT without our columns', "INSERT INTO todos (id, title, completed, todo_list_id) VALUES ('d', 'D', 0, 'my')", ids, ['a', 'b', 'c', 'd']],
    ['an UPDATE of the order', "UPDATE todos SET _na_pos = -1 WHERE id = 'c'", ids, ['c', 'a', 'b']],
    ['an UPDATE of the root', "UPDATE todo_lists SET _na_overflow = '{\"values\":{\"x\":1}}'", (s) => s.x, 1],
  ])('%s is loaded, raises the rev, defeats a stale ifRev and reaches watchers', async (_name, statement, look, want) => {
    const held = store();
    await held.persist('TodoList', 'my', {}, list('a', 'b', 'c'));
    const hint = Promise.withResolvers<Hint>();
    await held.watch(hint.resolve);
    sql().exec(statement);
    expect(await hint.promise).toEqual({ type: 'TodoList', id: 'my', rev: 2, removed: false });
    const loaded = await held.loadVersioned('TodoList', 'my');
    expect(look(loaded?.state as JsonObject)).toEqual(want);
    expect(loaded?.rev).toBe(2);
    const stale = held.commit([{ type: 'TodoList', id: 'my', diff: {}, full: list('x'), ifRev: 1 }]);
    await expect(stale).rejects.toMatchObject({ code: 'STORE_CONFLICT', expected: 1, actual: 2 });
    // What comes next through the store starts from what is there now.
    await held.persist('TodoList', 'my', {}, list('c', 'e'));
    expect(await held.load('TodoList', 'my')).toEqual(list('c', 'e'));
    expect(sql().prepare('SELECT count(*) FROM todos').pluck().get()).toBe(2);
  }); // prettier-ignore

  it('moves an item by its foreign key, and both lists take a rev', async () => {
    const held = store();
    await held.persist('TodoList', 'my', {}, list('a', 'b'));
    await held.persist('TodoList', 'other', {}, { id: 'other', items: [todo('z')] });
    sql().exec("UPDATE todos SET todo_list_id = 'other' WHERE id = 'a'");
    expect(await held.loadVersioned('TodoList', 'my')).toMatchObject({ rev: 2 });
    expect(await held.loadVersioned('TodoList', 'other')).toMatchObject({ rev: 2 });
    expect(ids(await held.load('TodoList', 'my'))).toEqual(['b']);
    expect(ids(await held.load('TodoList', 'other')).sort()).toEqual(['a', 'z']);
  });

  it('removes an instance with its items, and leaves a tombstone', async () => {
    const held = store();
    await held.persist('TodoList', 'my', {}, list('a', 'b'));
    const database = sql();
    database.exec("DELETE FROM todo_lists WHERE id = 'my'");
    expect(database.prepare('SELECT count(*) FROM todos').pluck().get()).toBe(0);
    expect(await held.load('TodoList', 'my')).toBeNull();
    const created = await held.commit([{ type: 'TodoList', id: 'my', diff: {}, full: list(), ifRev: 0 }]);
    expect(created.revs[0]).toBeGreaterThan(2);
  });

  it('creates an instance, whose required lists are empty', async () => {
    const held = store();
    await held.load('TodoList', 'my');
    sql().exec("INSERT INTO todo_lists (id) VALUES ('my'); INSERT INTO users (id, name) VALUES (5, 'Five')");
    expect(await held.loadVersioned('TodoList', 'my')).toMatchObject({
      state: { id: 'my', items: [] },
      rev: 1,
    });
    expect(await held.load('User', '5')).toEqual({ id: '5', name: 'Five' });
    sql().exec("REPLACE INTO users (id, name) VALUES ('5', 'V')");
    expect(await held.loadVersioned('User', '5')).toMatchObject({ state: { id: '5', name: 'V' }, rev: 2 });
    sql().exec("UPDATE users SET id = '6'");
    expect(await held.load('User', '5')).toBeNull();
    expect(await held.load('User', '6')).toEqual({ id: '6', name: 'V' });
  });

  it('renames an instance, and its items follow', async () => {
    const held = store();
    await held.persist('TodoList', 'my', {}, list('a'));
    sql().exec("UPDATE todo_lists SET id = 'your' WHERE id = 'my'");
    expect(await held.load('TodoList', 'my')).toBeNull();
    expect(ids(await held.load('TodoList', 'your'))).toEqual(['a']);
  });

  it('leaves items of an instance that is not there, which its creation clears away', async () => {
    const held = store();
    await held.load('TodoList', 'my');
    sql().exec("INSERT INTO todos (id, todo_list_id) VALUES ('orphan', 'my')");
    expect(await held.load('TodoList', 'my')).toBeNull();
    await held.persist('TodoList', 'my', {}, list('a'));
    expect(ids(await held.load('TodoList', 'my'))).toEqual(['a']);
    expect(ids(await store().load('TodoList', 'my'))).toEqual(['a']);
  });

  it.each([
    ['a BLOB', "UPDATE todos SET title = x'00' WHERE id = 'a'"],
    ['an overflow that is no JSON', "UPDATE todos SET _na_overflow = 'x' WHERE id = 'a'"],
    ['an overflow of another form', "UPDATE todos SET _na_overflow = '[1]' WHERE id = 'a'"],
    ['an overflow with a wrong order', `UPDATE todos SET _na_overflow = '{"order":[1]}' WHERE id = 'a'`],
  ])('with %s the instance is corrupt: told with its rev, repaired, removed, its neighbours well', async (_name, damage) => {
    const held = store();
    for (const id of ['my', 'other']) await held.persist('TodoList', id, {}, { id, items: [todo(id === 'my' ? 'a' : 'z')] });
    sql().exec(damage);
    await expect(held.load('TodoList', 'my')).rejects.toMatchObject({ code: 'STORE_CORRUPT', rev: 2 });
    expect(ids(await held.load('TodoList', 'other'))).toEqual(['z']);
    expect(await held.list('TodoList')).toEqual(['my', 'other']);
    await held.commit([{ type: 'TodoList', id: 'my', diff: {}, full: list('a'), ifRev: 2 }]);
    expect(await held.load('TodoList', 'my')).toEqual(list('a'));
    sql().exec(damage);
    expect(await held.remove('TodoList', 'my')).toBe(true);
    expect(sql().prepare("SELECT count(*) FROM todos WHERE todo_list_id = 'my'").pluck().get()).toBe(0);
  }); // prettier-ignore

  it("counts what a user's trigger does to another instance while the store writes", async () => {
    const held = store();
    await held.persist('User', 'stats', {}, { id: 'stats', name: '0' });
    sql().exec(
      `CREATE TRIGGER counts AFTER INSERT ON todos BEGIN UPDATE users SET name = name + 1 WHERE id = 'stats'; END`,
    );
    await held.persist('TodoList', 'my', {}, list('a', 'b'));
    expect(await held.loadVersioned('TodoList', 'my')).toMatchObject({ rev: 1 });
    expect((await held.loadVersioned('User', 'stats'))?.rev).toBe(3);
  });
});
