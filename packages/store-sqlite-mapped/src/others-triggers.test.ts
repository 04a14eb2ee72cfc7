import { useStores } from './test-support/open-store';

const { store, sql } = useStores();
const schema = {
  $defs: {
    Todo: { properties: { id: { type: 'string' }, title: { type: 'string' }, slug: { type: 'string' } } },
    TodoList: { properties: { id: { type: 'string' }, items: { type: 'array', items: { $ref: '#/$defs/Todo' } } } },
  },
}; // prettier-ignore
const list = (title: string, more: object = {}): object => ({
  id: 'my',
  items: [{ id: 'a', title, ...more }],
});

describe("a user's own trigger that changes what is stored", () => {
  it('is seen by the handle that wrote, as by any other', async () => {
    const held = store({ schema });
    await held.load('TodoList', 'my');
    sql().exec(`
      CREATE TRIGGER made AFTER INSERT ON todos BEGIN UPDATE todos SET slug = lower(NEW.title) WHERE _na_row = NEW._na_row; END;
      CREATE TRIGGER named AFTER UPDATE OF title ON todos BEGIN UPDATE todos SET slug = lower(NEW.title) WHERE _na_row = NEW._na_row; END;`);
    for (const title of ['ABC', 'DEF']) {
      await held.persist('TodoList', 'my', {}, list(title));
      const seen = await held.loadVersioned('TodoList', 'my');
      expect(seen?.state).toEqual(list(title, { slug: title.toLowerCase() }));
      expect(await store({ schema }).loadVersioned('TodoList', 'my')).toEqual(seen);
    }
  }); // prettier-ignore

  it.each([
    ['an item is made', 'BEFORE INSERT ON todos', list('B', { slug: 'b' })],
    ['an instance is made', 'BEFORE INSERT ON todo_lists', list('A')],
    ['an item is changed', 'BEFORE UPDATE ON todos', list('B')],
    ['an instance is removed', 'BEFORE DELETE ON todo_lists', null],
  ])('and that ignores it when %s makes the commit fail as a whole', async (_name, when, full) => {
    const held = store({ schema });
    const isNew = when.startsWith('BEFORE INSERT');
    if (!isNew) await held.persist('TodoList', 'my', {}, list('A'));
    const before = await held.loadVersioned('TodoList', 'my');
    sql().exec(`CREATE TRIGGER ignores ${when} BEGIN SELECT RAISE(IGNORE); END`);
    const commit = held.commit([{ type: 'TodoList', id: 'my', diff: {}, full }]);
    await expect(commit).rejects.toMatchObject({ code: 'STORE_SCHEMA' });
    expect(await held.loadVersioned('TodoList', 'my')).toEqual(before);
  }); // prettier-ignore
});

it('REPLACE of a row by its number raises the rev of whoever had it', async () => {
  const held = store({ schema });
  const item = (id: string) => [{ id }];
  await held.persist('TodoList', 'my', {}, { id: 'my', items: item('a') });
  await held.persist('TodoList', 'other', {}, { id: 'other', items: item('b') });
  await held.persist('Todo', 'root', {}, { id: 'root' });
  const database = sql();
  const row = (id: string) => database.prepare('SELECT _na_row FROM todos WHERE id = ?').pluck().get(id);
  database.exec(`REPLACE INTO todos (_na_row, id, todo_list_id) VALUES (${String(row('a'))}, 'z', 'other')`);
  expect(await held.loadVersioned('TodoList', 'my')).toMatchObject({
    state: { id: 'my', items: [] },
    rev: 2,
  });
  expect(await held.loadVersioned('TodoList', 'other')).toMatchObject({ rev: 2 });
  database.exec(`REPLACE INTO todos (_na_row, id, todo_list_id) VALUES (${String(row('b'))}, 'y', 'other')`);
  expect(await held.loadVersioned('TodoList', 'other')).toMatchObject({ rev: 3 });
  database.exec(`REPLACE INTO todos (_na_row, id) VALUES (${String(row('root'))}, 'now')`);
  expect(await held.load('Todo', 'root')).toBeNull();
  expect(await held.commit([{ type: 'Todo', id: 'root', diff: {}, full: { id: 'root' } }])).toMatchObject({
    revs: [3],
  });
});

it('a number that JSON does not have makes the instance STORE_CORRUPT', async () => {
  const numbers = { $defs: { Todo: { properties: { id: { type: 'string' }, n: { type: 'number' } } } } };
  const held = store({ mapping: { Todo: {} }, schema: numbers });
  await held.persist('Todo', 'a', {}, { id: 'a', n: 1 });
  sql().exec('UPDATE Todos SET n = 9e999');
  await expect(held.load('Todo', 'a')).rejects.toMatchObject({ code: 'STORE_CORRUPT' });
});
