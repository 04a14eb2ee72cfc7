import { useStores } from './test-support/open-store';

const { store, sql } = useStores();

const mapping = { List: { 'x-na:store': {} }, Item: { 'x-na:store': {} } };
const schema = {
  $defs: {
    List: {
      properties: { id: { type: 'string' }, items: { type: 'array', items: { $ref: '#/$defs/Item' } } },
    },
    Item: { properties: { id: { type: 'string' }, title: { type: 'string' } } },
  },
};

it('a list may be longer than a call can have arguments', async () => {
  const held = store({ mapping, schema, durability: 'relaxed' });
  const items = Array.from({ length: 200_000 }, (_, i) => ({ id: `i${i}` }));
  await held.persist('List', 'l', {}, { id: 'l', items });
  const next = items.with(100_000, { id: 'i100000', title: 'changed' } as { id: string });
  await held.persist('List', 'l', {}, { id: 'l', items: next });
  const loaded = await store({ mapping, schema }).load('List', 'l');
  expect(JSON.stringify(loaded) === JSON.stringify({ id: 'l', items: next })).toBe(true);
});

it('a text with NUL is in the overflow, where SQL cannot take it for its beginning', async () => {
  const held = store({ mapping, schema });
  const state = {
    id: 'l',
    items: [
      { id: 'a', title: 'a\0b' },
      { id: 'b\0', title: 'c' },
    ],
  };
  await held.persist('List', 'l', {}, state);
  expect(sql().prepare('SELECT id, title FROM "Items" ORDER BY _na_pos').all()).toEqual([
    { id: 'a', title: null },
    { id: null, title: 'c' },
  ]);
  expect(await store({ mapping, schema }).load('List', 'l')).toEqual(state);
});
