import type { JsonObject } from '@nasc/store-core';
import { useStores } from './test-support/open-store';

const { store, sql } = useStores();

/** A schema of lists and todos, with these properties. */
function schemaOf(todo: JsonObject, list: JsonObject = {}): { schema: object } {
  const items = { type: 'array', items: { $ref: '#/$defs/Todo' } };
  return {
    schema: {
      $defs: {
        Todo: { properties: { id: { type: 'string' }, ...todo } },
        TodoList: { properties: { id: { type: 'string' }, items, ...list } },
      },
    },
  };
}

const before = schemaOf({ title: { type: 'string' }, done: { type: 'boolean' } });
const state = {
  id: 'my',
  items: [
    { id: 'a', title: 'A', done: true, note: 'n', archived: [{ id: 'x' }], Title: 'other' },
    { id: 'b', done: null, title: 7 },
    { id: 'c', done: 1, title: 'C' },
  ],
  archive: [{ id: 'z', done: false }],
};

async function persisted(): Promise<void> {
  const old = store(before);
  await old.persist('TodoList', 'my', {}, state);
  await old.close();
}

describe('a schema that has changed', () => {
  it.each<[string, { schema: object }]>([
    ['has a new property', schemaOf({ title: { type: 'string' }, done: { type: 'boolean' }, note: { type: 'string' } })],
    ['has lost properties', schemaOf({})],
    ['has another type', schemaOf({ title: { type: 'number' }, done: { type: 'string' } })],
    ['has booleans as integers', schemaOf({ title: { type: 'string' }, done: { type: 'integer' } })],
    ['has another case', schemaOf({ Title: { type: 'string' }, DONE: { type: 'boolean' } })],
    ['has another order', schemaOf({ done: { type: 'boolean' }, title: { type: 'string' } })],
    ['has rows where there was overflow', schemaOf({ title: { type: 'string' } }, { archive: { type: 'array', items: { $ref: '#/$defs/Todo' } } })],
    ['has lost a list', { schema: { $defs: { Todo: { properties: { id: { type: 'string' } } }, TodoList: { properties: {} } } } }],
    ['has a string for a list', schemaOf({ title: { type: 'string' } }, { items: { type: 'string' } })],
    ['leads back to its own type', schemaOf({ archived: { type: 'array', items: { $ref: '#/$defs/TodoList' } } })],
    ['has lost a type', { schema: { $defs: {} } }],
  ])('%s: what was stored loads to the letter, with its rev, and so does what is stored next', async (_name, after) => {
    await persisted();
    for (const schema of [after, before, after]) {
      const opened = store(schema);
      const { state: loaded, rev } = (await opened.loadVersioned('TodoList', 'my'))!;
      expect(JSON.stringify(loaded)).toBe(JSON.stringify(state));
      expect(rev).toBe(1);
      await opened.close();
    }
    const opened = store(after);
    const next = { ...state, items: [...state.items].reverse(), more: { x: 1 } };
    await opened.persist('TodoList', 'my', {}, next);
    await opened.close();
    for (const schema of [after, before]) {
      expect(JSON.stringify(await store(schema).load('TodoList', 'my'))).toBe(JSON.stringify(next));
    }
  }); // prettier-ignore

  it('gives a new property its column, and moves what was in the overflow there', async () => {
    await persisted();
    await store(
      schemaOf({ title: { type: 'string' }, done: { type: 'boolean' }, note: { type: 'string' } }),
    ).load('TodoList', 'my');
    expect(sql().prepare("SELECT note FROM todos WHERE id = 'a'").pluck().get()).toBe('n');
    expect(sql().prepare("SELECT count(*) FROM todos WHERE _na_overflow LIKE '%note%'").pluck().get()).toBe(
      0,
    );
  });

  it('gives a new list its rows', async () => {
    await persisted();
    const archive = { archive: { type: 'array', items: { $ref: '#/$defs/Todo' } } };
    await store(schemaOf({ done: { type: 'boolean' } }, archive)).load('TodoList', 'my');
    const rows = sql()
      .prepare("SELECT id, done FROM todos WHERE todo_list_id = 'my' AND _na_prop = 'archive'")
      .all();
    expect(rows).toEqual([{ id: 'z', done: 0 }]);
  });

  it('is followed by a process that has the older one open', async () => {
    const old = store(before);
    await old.persist('TodoList', 'my', {}, state);
    const newer = store(
      schemaOf({ title: { type: 'string' }, done: { type: 'boolean' }, note: { type: 'string' } }),
    );
    const next = { ...state, items: state.items.map((item) => ({ ...item, note: 'new' })) };
    await newer.persist('TodoList', 'my', {}, next);
    expect(await old.load('TodoList', 'my')).toEqual(next);
    await old.persist('TodoList', 'my', {}, { ...next, by: 'old' });
    expect(await newer.load('TodoList', 'my')).toEqual({ ...next, by: 'old' });
  });

  it('cannot move a type to another table or key', async () => {
    await persisted();
    for (const to of [
      { entity: 'tasks', pk: 'id' },
      { entity: 'todos', pk: 'key' },
    ]) {
      const mapping = {
        TodoList: { 'x-na:store': { entity: 'todo_lists', pk: 'id' } },
        Todo: { 'x-na:store': to },
      };
      await expect(store({ ...before, mapping }).load('TodoList', 'my')).rejects.toMatchObject({
        code: 'STORE_SCHEMA',
      });
    }
    expect(await store(before).load('TodoList', 'my')).toEqual(state);
  });

  it.each(['title', 'done'])('lets go of the column "%s" when it is dropped by hand', async (column) => {
    await persisted();
    const after = schemaOf({ done: { type: 'boolean' } });
    const opened = store(after);
    await opened.load('TodoList', 'my');
    sql().exec(`ALTER TABLE todos DROP COLUMN ${column}`);
    const left = { ...state, items: state.items.map((item) => without(item, column)) };
    expect(await opened.load('TodoList', 'my')).toEqual(left);
    await opened.persist('TodoList', 'my', {}, state);
    await opened.close();
    expect(JSON.stringify(await store(after).load('TodoList', 'my'))).toBe(JSON.stringify(state));
    const done = sql().prepare("SELECT done FROM todos WHERE id = 'a'").pluck();
    expect(done.get()).toBe(1);
  });

  it('of a newer version of the package is refused', async () => {
    await persisted();
    sql().exec(`UPDATE _nasc_meta SET value = '{"format":2}' WHERE key = 'mapped'`);
    await expect(store(before).load('TodoList', 'my')).rejects.toMatchObject({ code: 'STORE_SCHEMA' });
  });
});

/** An item less what a column held: what did not fit it is elsewhere. */
function without(item: object, column: string): object {
  const fits = column === 'title' ? 'string' : 'boolean';
  return Object.fromEntries(
    Object.entries(item).filter(([key, value]) => key !== column || typeof value !== fits),
  );
}
