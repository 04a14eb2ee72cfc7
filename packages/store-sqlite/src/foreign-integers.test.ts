import Database from 'better-sqlite3';
import { SqliteStore } from './sqlite-store';
import { useTempFolder } from '@nasc/test-support';

const temp = useTempFolder();

describe('numbers that another program has written', () => {
  let store: SqliteStore;
  let sql: Database.Database;
  beforeEach(async () => {
    store = new SqliteStore(temp('a.db'));
    await store.persist('T', 'a', {}, { title: 'x' });
    sql = new Database(temp('a.db'));
  });
  afterEach(async () => {
    sql.close();
    await store.close();
  });
  const write = (data: string): unknown => sql.prepare("UPDATE Ts SET data = ? WHERE id = 'a'").run(data);
  const stored = (): unknown => sql.prepare("SELECT data FROM Ts WHERE id = 'a'").pluck().get();

  it.each(['{"a":1e999}', '{"a":[{"b":-1e400}]}', `{"a":${'9'.repeat(400)}}`, '{"a":1E+310}'])(
    'are STORE_CORRUPT where they would be infinite: %.20s',
    async (data) => {
      write(data);
      await expect(store.load('T', 'a')).rejects.toMatchObject({ code: 'STORE_CORRUPT', rev: 2 });
    },
  );

  it('are text where they are integers that JavaScript would round', async () => {
    write('{"n":9007199254740993,"deep":[{"id":"1","n":-9223372036854775808}],"text":"9007199254740993"}');
    expect(await store.load('T', 'a')).toEqual({
      n: '9007199254740993',
      deep: [{ id: '1', n: '-9223372036854775808' }],
      text: '9007199254740993',
    });
  });

  it('survive a write that changes something else, items that move included', async () => {
    write(
      '{"n":9007199254740993,"list":[{"id":"1","n":9007199254740995},{"id":"2"}],"s":"9007199254740997"}',
    );
    const { list, ...rest } = (await store.load('T', 'a')) as { list: unknown[] };
    const next = { ...rest, list: [{ id: '3' }, ...list.toReversed()], title: 'y' };
    await store.persist('T', 'a', {}, next);
    expect(stored()).toBe(
      '{"n":9007199254740993,"s":"9007199254740997","list":[{"id":"3"},{"id":"2"},{"id":"1","n":9007199254740995}],"title":"y"}',
    );
    expect(await store.load('T', 'a')).toEqual(next);
    const planned = { type: 'T', id: 'a', diff: {}, full: { n: '9007199254740993' } };
    expect((await store.plan([planned])).at(-1)?.params).toEqual(['a', '{"n":9007199254740993}']);
    await store.persist('T', 'a', {}, { n: '9007199254740999', s: 1 });
    expect(stored()).toBe('{"n":"9007199254740999","s":1}');
  });

  it.each([2 ** 60, -(2 ** 63), 1e21, 1e300, 0.1234567890123456, 12345.678901234567])(
    'does not concern what the store itself writes: %d',
    async (n) => {
      await store.persist('T', 'a', {}, { n });
      expect(await store.load('T', 'a')).toStrictEqual({ n });
      expect(stored()).toBe(JSON.stringify({ n }));
    },
  );
});
