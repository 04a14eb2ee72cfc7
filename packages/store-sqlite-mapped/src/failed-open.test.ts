import { SqliteStore } from '@nasc/store-sqlite';
import { useStores } from './test-support/open-store';

const { store, sql } = useStores();
const state = { id: 'my', items: [{ id: 'a', title: 'A', completed: false }] };

/** The reference's schema with a property more, so that opening has something to write. */
function grown(): { schema: object } {
  return {
    schema: {
      $defs: {
        Todo: { properties: { id: { type: 'string' }, title: { type: 'string' }, note: { type: 'string' } } },
        TodoList: { properties: { id: { type: 'string' }, items: { type: 'array', items: { $ref: '#/$defs/Todo' } } } },
      },
    },
  }; // prettier-ignore
}

async function persisted(): Promise<void> {
  const first = store();
  await first.persist('TodoList', 'my', {}, state);
  await first.close();
}

describe('a store that could not be opened', () => {
  it('opens with the next call, when the lock that it waited for is free', async () => {
    await persisted();
    const other = sql();
    other.exec('BEGIN IMMEDIATE');
    const opened = store({ ...grown(), busyTimeout: 30 });
    await expect(opened.load('TodoList', 'my')).rejects.toMatchObject({ code: 'STORE_BUSY' });
    await expect(opened.load('TodoList', 'my')).rejects.toMatchObject({ code: 'STORE_BUSY' });
    other.exec('COMMIT');
    await expect(opened.load('TodoList', 'my')).resolves.toEqual(state);
    await opened.persist('TodoList', 'my', {}, { ...state, more: 1 });
    await opened.close();
    expect(() => other.exec('BEGIN IMMEDIATE; COMMIT')).not.toThrow();
  });

  it.each(['todo_lists', 'TodoLists'])('says each time that documents have to be copied before they become "%s"', async (entity) => {
    const documents = new SqliteStore(sql().name);
    await documents.persist('TodoList', 'my', {}, state);
    const tables = store({ mapping: { TodoList: { 'x-na:store': { entity } } } });
    for (let call = 0; call < 3; call++) {
      const refused = { code: 'STORE_SCHEMA', message: expect.stringContaining('JSON documents in the table "TodoLists". Copy') as string };
      await expect(tables.load('TodoList', 'my')).rejects.toMatchObject(refused);
      await documents.persist('TodoList', 'my', {}, { ...state, call });
    }
    await tables.close();
    expect(await documents.load('TodoList', 'my')).toEqual({ ...state, call: 2 });
    await documents.close();
  }); // prettier-ignore

  it('says each time what is wrong with the mapping, and leaves no lock behind', async () => {
    await persisted();
    const wrong = store({ mapping: { TodoList: { 'x-na:store': { entity: 'lists' } } } });
    for (let call = 0; call < 3; call++) {
      await expect(wrong.load('TodoList', 'my')).rejects.toMatchObject({ code: 'STORE_SCHEMA' });
      expect(() => sql().exec('BEGIN IMMEDIATE; COMMIT')).not.toThrow();
    }
    await wrong.close();
    await expect(store().load('TodoList', 'my')).resolves.toEqual(state);
  });
});

it('warns of a type that the mapping has and the schema has not', () => {
  const warn = jest.spyOn(process, 'emitWarning').mockReturnValue();
  store({ mapping: { Todolist: {}, $id: 'm', Todo: {} } });
  expect(warn.mock.calls).toEqual([[expect.stringContaining('"Todolist"'), { code: 'NASC_MAPPING' }]]);
  warn.mockRestore();
});
