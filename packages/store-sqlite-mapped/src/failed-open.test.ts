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
