import type { SqliteMappedStore } from './sqlite-mapped-store';
import { useStores } from './test-support/open-store';

const { store, sql } = useStores();
const string = { type: 'string' };
const id = string;
const of = (type: string): object => ({ type: 'array', items: { $ref: `#/$defs/${type}` } });

/** A store whose types have these properties. */
function open(types: Record<string, object>): SqliteMappedStore {
  const mapping = Object.fromEntries(Object.keys(types).map((type) => [type, {}]));
  const $defs = Object.fromEntries(Object.entries(types).map(([type, properties]) => [type, { properties }]));
  return store({ mapping, schema: { $defs } });
}

async function persisted(
  types: Record<string, object>,
  ...states: [type: string, id: string, state: object][]
): Promise<void> {
  const opened = open(types);
  for (const [type, id, state] of states) await opened.persist(type, id, {}, state);
  await opened.close();
}

describe('a type that gets', () => {
  it('its first list may have items with the keys of instances and of other items', async () => {
    await persisted({ Todo: { id } }, ['Todo', '1', { id: '1' }]);
    const opened = open({ Todo: { id }, List: { id, items: of('Todo') } });
    for (const list of ['x', 'y']) await opened.persist('List', list, {}, { id: list, items: [{ id: '1' }] });
    expect(await opened.load('List', 'x')).toEqual({ id: 'x', items: [{ id: '1' }] });
    expect(await opened.load('Todo', '1')).toEqual({ id: '1' });
    const twice = (): unknown => sql().exec("INSERT INTO Todos (id) VALUES ('1')");
    expect(twice).toThrow('UNIQUE');
  });

  it('a list of another type, too', async () => {
    const before = { Todo: { id }, List: { id, items: of('Todo') } };
    await persisted(before, ['List', 'x', { id: 'x', items: [{ id: '1' }] }]);
    const opened = open({ ...before, Archive: { id, todos: of('Todo') } });
    for (const name of ['a', 'b']) await opened.persist('Archive', name, {}, { id: name, todos: [{ id: '1' }] });
    expect(await opened.load('Archive', 'b')).toEqual({ id: 'b', todos: [{ id: '1' }] });
    expect(await opened.load('List', 'x')).toEqual({ id: 'x', items: [{ id: '1' }] });
  }); // prettier-ignore
});

it('a relation may be turned around: what was stored loads, and no old value comes back', async () => {
  const [post, tag] = [
    { id: 'p', tags: [{ id: 't' }] },
    { id: 't', posts: ['old'] },
  ];
  const before = { Tag: { id, posts: {} }, Post: { id, tags: of('Tag') } };
  const after = { Tag: { id, posts: of('Post') }, Post: { id } };
  await persisted(before, ['Post', 'p', post], ['Tag', 't', tag]);
  const opened = open(after);
  expect(await opened.load('Post', 'p')).toEqual(post);
  expect(await opened.load('Tag', 't')).toEqual(tag);
  const next = { id: 't', posts: [{ id: 'q', n: 1 }] };
  await opened.persist('Tag', 't', {}, next);
  await opened.close();
  for (const types of [after, before, after]) {
    const again = open(types);
    expect(JSON.stringify(await again.load('Tag', 't'))).toBe(JSON.stringify(next));
    expect(JSON.stringify(await again.load('Post', 'p'))).toBe(JSON.stringify(post));
    await again.close();
  }
});

it('a key that the schema begins to name keeps its place among the properties', async () => {
  const state = { id: 'my', items: [{ id: 'a', title: 'A' }], n: 1 };
  await persisted({ List: { items: of('Todo') }, Todo: { title: string } }, ['List', 'my', state]);
  const opened = open({ List: { items: of('Todo'), id }, Todo: { title: string, id } });
  expect(JSON.stringify(await opened.load('List', 'my'))).toBe(JSON.stringify(state));
});

it('a damaged instance is STORE_CORRUPT, also with a new schema, and the others load', async () => {
  await persisted({ Todo: { id } }, ['Todo', 'a', { id: 'a', note: 'n' }], ['Todo', 'b', { id: 'b', note: 'm' }]);
  sql().exec("UPDATE Todos SET _na_overflow = 'x' WHERE id = 'a'");
  const opened = open({ Todo: { id, note: string } });
  expect(await opened.load('Todo', 'b')).toEqual({ id: 'b', note: 'm' });
  await expect(opened.load('Todo', 'a')).rejects.toMatchObject({ code: 'STORE_CORRUPT' });
}); // prettier-ignore

it('a column that somebody added, with a type that would change values, is refused', async () => {
  await persisted({ Todo: { id } }, ['Todo', 'a', { id: 'a', rank: 3 }]);
  sql().exec('ALTER TABLE Todos ADD COLUMN rank TEXT');
  const opened = open({ Todo: { id, rank: { type: 'integer' } } });
  await expect(opened.load('Todo', 'a')).rejects.toThrow('column "rank" of type TEXT');
  expect(await open({ Todo: { id } }).load('Todo', 'a')).toEqual({ id: 'a', rank: 3 });
});

it('a table that was rebuilt by hand gets its triggers back, and its instances new revs', async () => {
  const types = { Todo: { id }, List: { id, items: of('Todo') } };
  await persisted(types, ['List', 'x', { id: 'x', items: [{ id: '1' }] }]);
  rebuild("UPDATE Todos SET id = '2'");
  const opened = open(types);
  expect(await opened.loadVersioned('List', 'x')).toMatchObject({ state: { items: [{ id: '2' }] }, rev: 2 });
  sql().exec("UPDATE Todos SET id = '3'");
  const stale = opened.commit([{ type: 'List', id: 'x', diff: {}, full: {}, ifRev: 2 }]);
  await expect(stale).rejects.toMatchObject({ code: 'STORE_CONFLICT', actual: 3 });
});

it('a table that was rebuilt by hand, and would change what is stored in it, is refused', async () => {
  await persisted({ Todo: { id } }, ['Todo', 'a', { id: 'a' }]);
  rebuild('', (create) => create.replace('STRICT', ''));
  await expect(open({ Todo: { id } }).load('Todo', 'a')).rejects.toThrow('not STRICT');
});

it('a table that was dropped by hand is made anew', async () => {
  await persisted({ Todo: { id, title: string } }, ['Todo', 'a', { id: 'a' }]);
  sql().exec('DROP TABLE Todos');
  const opened = open({ Todo: { id, title: string } });
  expect(await opened.load('Todo', 'a')).toBeNull();
  await opened.persist('Todo', 'a', {}, { id: 'a', title: 'A' });
  expect((await opened.loadVersioned('Todo', 'a'))?.rev).toBeGreaterThan(1);
});

it('opening again changes nothing', async () => {
  const types = { Todo: { title: string }, List: { id, items: of('Todo') } };
  await persisted(types, ['List', 'x', { id: 'x', items: [{ id: '1' }] }]);
  const watcher = sql();
  const version = (): unknown => watcher.pragma('data_version', { simple: true });
  const before = version();
  await open(types).load('List', 'x');
  expect(version()).toBe(before);
});

it('a newer schema can be read with readonly: true, by the plan that is there', async () => {
  const state = { id: 'a', note: 'n' };
  await persisted({ Todo: { id } }, ['Todo', 'a', state]);
  const types = { mapping: { Todo: {} }, schema: { $defs: { Todo: { properties: { id, note: string } } } } };
  expect(await store({ ...types, readonly: true }).load('Todo', 'a')).toEqual(state);
});

/** Make the table of todos anew as SQLite advises (https://sqlite.org/lang_altertable.html#otheralter). */
function rebuild(then: string, change = (create: string) => create): void {
  const by = sql();
  const create = String(by.prepare("SELECT sql FROM sqlite_master WHERE name = 'Todos'").pluck().get());
  by.pragma('legacy_alter_table = ON');
  by.exec(`
    ${change(create.replace('"Todos"', 'other'))};
    INSERT INTO other SELECT * FROM Todos;
    DROP TABLE Todos;
    ALTER TABLE other RENAME TO Todos;
    ${then}`);
}
