import type { JsonObject } from '@nasc/store-core';
import type Database from 'better-sqlite3';
import { useStores } from './test-support/open-store';

const { store, sql } = useStores();

const items = (n: number): JsonObject[] =>
  Array.from({ length: n }, (_, i) => ({ id: `k${i}`, title: `title ${i}`, completed: false }));

/** Counts the rows that anybody inserts, updates and deletes in the tables of the app. */
function countRows(database: Database.Database): () => Record<string, number> {
  database.exec('CREATE TABLE counted (what TEXT)');
  for (const table of ['todos', 'todo_lists']) {
    for (const event of ['INSERT', 'UPDATE', 'DELETE']) {
      database.exec(
        `CREATE TRIGGER count_${table}_${event} AFTER ${event} ON ${table} BEGIN INSERT INTO counted VALUES ('${table} ${event}'); END`,
      );
    }
  }
  return () => {
    const rows = database.prepare('SELECT what, count(*) FROM counted GROUP BY what').raw().all() as [
      string,
      number,
    ][];
    database.exec('DELETE FROM counted');
    return Object.fromEntries(rows);
  };
}

describe('rows written are rows changed', () => {
  const n = 1_000;
  it.each<[string, (list: JsonObject[]) => JsonObject[], Record<string, number>]>([
    ['nothing', (list) => list, {}],
    ['a toggle', (list) => list.map((item, i) => (i === 500 ? { ...item, completed: true } : item)), { 'todos UPDATE': 1 }],
    ['an append', (list) => [...list, { id: 'new', title: 'new', completed: false }], { 'todos INSERT': 1 }],
    ['a head insertion', (list) => [{ id: 'new', title: 'new', completed: false }, ...list], { 'todos INSERT': 1 }],
    ['an insertion in the middle', (list) => list.toSpliced(500, 0, { id: 'new', title: 'n', completed: false }), { 'todos INSERT': 1 }],
    ['a removal', (list) => list.toSpliced(500, 1), { 'todos DELETE': 1 }],
    ['a move to the end', (list) => [...list.toSpliced(3, 1), list[3] as JsonObject], { 'todos UPDATE': 1 }],
    ['a move to the head', (list) => [list[900] as JsonObject, ...list.toSpliced(900, 1)], { 'todos UPDATE': 1 }],
    ['a swap of neighbours', (list) => list.with(4, list[5] as JsonObject).with(5, list[4] as JsonObject), { 'todos UPDATE': 1 }],
    ['a rewrite', (list) => list.map((item) => ({ ...item, title: 'x' })), { 'todos UPDATE': n }],
    ['clearing', () => [], { 'todos DELETE': n }],
    ['a scalar among them', (list) => [...list, 5 as never], { 'todos INSERT': 1 }],
  ])('%s', async (_name, edit, want) => {
    const held = store({ durability: 'relaxed' });
    await held.persist('TodoList', 'my', {}, { id: 'my', items: items(n) });
    const counted = countRows(sql());
    const next = { id: 'my', items: edit(items(n)) };
    await held.persist('TodoList', 'my', {}, next);
    expect(counted()).toEqual(want);
    expect(await held.loadVersioned('TodoList', 'my')).toMatchObject({ state: next, rev: 2 });
    // Also where the store has no memory of the rows.
    await store().persist('TodoList', 'my', {}, { id: 'my', items: items(n) });
    expect(await store().load('TodoList', 'my')).toEqual({ id: 'my', items: items(n) });
  }); // prettier-ignore

  it('keeps to one row through many insertions at one place, until there is no room', async () => {
    const held = store({ durability: 'relaxed' });
    let list = items(2);
    await held.persist('TodoList', 'my', {}, { id: 'my', items: list });
    const counted = countRows(sql());
    const written: number[] = [];
    for (let i = 0; i < 30; i++) {
      list = list.toSpliced(1, 0, { id: `n${i}`, title: '', completed: false });
      await held.persist('TodoList', 'my', {}, { id: 'my', items: list });
      written.push(Object.values(counted()).reduce((sum, count) => sum + count, 0));
    }
    expect(await store().load('TodoList', 'my')).toEqual({ id: 'my', items: list });
    expect(written.filter((count) => count !== 1)).toHaveLength(1);
    expect(written.slice(0, 20)).toEqual(Array.from({ length: 20 }, () => 1));
  });

  it('falls back safely when another process has written', async () => {
    const [one, two] = [store(), store()];
    await one.persist('TodoList', 'my', {}, { id: 'my', items: items(3) });
    await two.persist('TodoList', 'my', {}, { id: 'my', items: items(5).reverse() });
    await one.persist('TodoList', 'my', {}, { id: 'my', items: items(4) });
    expect(await two.load('TodoList', 'my')).toEqual({ id: 'my', items: items(4) });
    await one.remove('TodoList', 'my');
    await two.persist('TodoList', 'my', {}, { id: 'my', items: items(2) });
    expect(await one.load('TodoList', 'my')).toEqual({ id: 'my', items: items(2) });
  });
});
