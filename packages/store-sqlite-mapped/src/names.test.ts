import { useStores } from './test-support/open-store';

const { store, sql } = useStores();

const NAMES = [
  'a"; DROP TABLE x;--',
  'select',
  "it's",
  'a b',
  'x'.repeat(200),
  'ORDER',
  '日本',
  'a.b',
  'NEW.id',
  '[x]',
  '`x`',
  '?',
  ':a',
  '$1',
];

describe('hostile names', () => {
  it.each(NAMES)('%j works as entity, key, property and list', async (name) => {
    const mapping = {
      Parent: { 'x-na:store': { entity: name, pk: `${name}_key` } },
      Child: { 'x-na:store': { entity: `${name}_child`, pk: name } },
      Deep: { 'x-na:store': { entity: `${name}_deep`, pk: name } },
    };
    const listOf = (type: string): object => ({ type: 'array', items: { $ref: `#/$defs/${type}` } });
    const $defs = {
      Parent: { properties: { [`${name}_key`]: { type: 'string' }, [name]: listOf('Child'), [`${name}2`]: { type: 'string' } } },
      Child: { properties: { [name]: { type: 'string' }, [`${name}_l`]: listOf('Deep') } },
      Deep: { properties: { [name]: { type: 'integer' } } },
    };
    const held = store({ mapping, schema: { $defs } });
    const deep = [{ [name]: 1 }, { [name]: 2 }];
    const state = { [`${name}_key`]: name, [name]: [{ [name]: 'c', [`${name}_l`]: deep }], [`${name}2`]: name };
    await held.persist('Parent', name, {}, state);
    expect(JSON.stringify(await store({ mapping, schema: { $defs } }).load('Parent', name))).toBe(JSON.stringify(state));
    const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
    sql().exec(`UPDATE ${quoted(`${name}_deep`)} SET ${quoted(name)} = 3 WHERE ${quoted(name)} = 2`);
    expect((await held.loadVersioned('Parent', name))?.rev).toBe(2);
    sql().exec(`DELETE FROM ${quoted(`${name}_child`)}`);
    expect(await held.load('Parent', name)).toEqual({ ...state, [name]: [] });
    expect(sql().prepare(`SELECT count(*) FROM ${quoted(`${name}_deep`)}`).pluck().get()).toBe(0);
  }); // prettier-ignore

  it('of types that differ only by case have tables of their own, or are told', async () => {
    const mapping = { T: { 'x-na:store': { entity: 'a' } }, t: { 'x-na:store': { entity: 'b' } } };
    const schema = { $defs: { T: { properties: { id: {} } }, t: { properties: { id: {} } } } };
    const held = store({ mapping, schema });
    await held.persist('T', 'x', {}, { id: 'x', n: 1 });
    await held.persist('t', 'x', {}, { id: 'x', n: 2 });
    await held.persist('as', 'x', {}, { n: 3 });
    await held.persist('A', 'x', {}, { n: 4 });
    expect([await held.load('T', 'x'), await held.load('t', 'x')]).toEqual([{ id: 'x', n: 1 }, { id: 'x', n: 2 }]);
    expect([await held.load('as', 'x'), await held.load('A', 'x')]).toEqual([{ n: 3 }, { n: 4 }]);
  }); // prettier-ignore

  it('that a table of the user has are told', async () => {
    sql().exec('CREATE TABLE todos (n INTEGER)');
    await expect(store().load('TodoList', 'x')).rejects.toMatchObject({ code: 'STORE_SCHEMA' });
    expect(sql().prepare('SELECT * FROM todos').all()).toEqual([]);
  });
});
