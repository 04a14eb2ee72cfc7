import * as fc from 'fast-check';
import { diffState } from '../../diff-state';
import { easyValues } from '../json-documents';
import { bothWays } from '../both-ways';
import type { Rule } from '../rule';
import { BOARD, ITEM, LIST } from '../suite-schema';
import { inBatches } from './in-batches';
import { insertAgainAndAgain, insertAndRemoveMany, item, list, runSteps } from './item-steps';
import { sideBySide } from './side-by-side';

const ORDER = 'Items are read in the order of their keys or of their insertion: keep their position.';
const LEAK = 'The columns of the child table are copied into the item as they are.';

/** Group K: arrays of items that have keys, which a store may keep as rows. */
export const keyedArrayRules: readonly Rule[] = bothWays([
  {
    id: 'K1',
    title: 'order is kept through insertion, move, reversal and clearing',
    patience: 2,
    async check(t) {
      const [a, b, c, d, e] = ['a', 'b', 'c', 'd', 'e'].map((id) => item(id));
      const steps = [
        [b, d],
        [a, b, d],
        [a, b, c, d],
        [a, b, c, d, e],
        [e, a, b, c, d],
        [a, b, c, e, d],
        [d, e, c, b, a],
        [a, c, b],
        [],
        [c],
        [b, c, a],
      ];
      const descending = list(['9', '10', '2', 'a', 'B', 'b', 'A'].map((id) => item(id)));
      const lists = steps.map((items) => list(items));
      // Positions between two others run out of digits: after some 53 halvings, towards 0 after some 1,074.
      await Promise.all([
        runSteps(t, 'k1', lists, ORDER),
        runSteps(t, 'k1-descending', [descending], ORDER),
        insertAgainAndAgain(t, 'k1-second', 1, 100),
        insertAgainAndAgain(t, 'k1-head', 0, 1_100),
        insertAndRemoveMany(t),
      ]);
    },
  },
  {
    id: 'K2',
    title: 'items can be swapped and spliced',
    async check(t) {
      const of = (ids: string) => list([...ids].map((id) => item(id)));
      await runSteps(
        t,
        'k2',
        ['abcdef', 'fbcdea', 'fbXYea', 'bXYeaf', 'abYXef', 'ab', 'ba', 'bca', 'acb', 'xyz', 'zyx'].map(of),
        ORDER,
      );
      const both = [
        list([item('a'), item('b')], { archive: [item('c')] }),
        list([item('c'), item('b')], { archive: [item('a')] }),
        list([], { archive: [item('a'), item('b'), item('c')] }),
      ];
      await runSteps(
        t,
        'k2-arrays',
        both,
        'An item that moves between two arrays of one parent is lost or doubled.',
      );
    },
  },
  {
    id: 'K3',
    title: 'an absent, an empty and a null array are three things',
    async check(t) {
      const cause = 'No child rows are read as one and the same thing.';
      const absent = { id: 'l', title: 'List' };
      const states = [
        absent,
        list([]),
        list(null as never),
        list([item('a')]),
        absent,
        list([item('a')]),
        list(null as never),
        list([]),
        list([], { archive: null }),
        list([], { archive: [] }),
      ];
      await runSteps(t, 'k3', states, cause);
      await inBatches(states, (state, i) => runSteps(t, `k3-${i}`, [state], cause));
      await runSteps(
        t,
        'k3-other',
        [list('text' as never), list({ a: 1 } as never), list(0 as never), list([item('a')])],
        'A value that is no array is lost.',
      );
    },
  },
  {
    id: 'K4',
    title: 'items can be removed from the middle',
    async check(t) {
      const ids = Array.from({ length: 12 }, (_, i) => `i${i}`);
      const steps = [ids];
      for (let left = ids; left.length > 0;)
        steps.push((left = left.filter((_, i) => i !== Math.floor(left.length / 2))));
      await runSteps(
        t,
        'k4',
        steps.map((step) => list(step.map((id) => item(id)))),
        'Removed items stay, or others go with them.',
      );
    },
  },
  {
    id: 'K5',
    title: 'repeated keys are kept',
    async check(t) {
      const cause = 'Items are kept by key in a table with a unique index, or in a map.';
      const twice = [item('a', { n: 1 }), item('b'), item('a', { n: 2 }), item('a', { n: 1 })];
      const steps = [
        twice,
        twice.toReversed(),
        [item('a'), item('a')],
        [item('a')],
        [item('a', { n: 3 }), item('a', { n: 4 }), item('b')],
      ];
      await runSteps(
        t,
        'k5',
        steps.map((items) => list(items, { archive: items })),
        cause,
      );
      const long = [255, 1_023].map((length) => {
        const common = 'x'.repeat(length);
        return [item(`${common}a`), item(`${common}b`), item(common)];
      });
      await runSteps(
        t,
        'k5-long',
        [...long, ...long.map((items) => items.toReversed())].map((items) => list(items)),
        'Long keys are cut, and two of them are one.',
      );
    },
  },
  {
    id: 'K6',
    title: 'items without key, mixed items and items that are no objects are kept',
    async check(t) {
      const cause = 'An item without a usable key has no row, or gets a key that it did not have.';
      const odd = [
        { title: 'no key' },
        {},
        null,
        1,
        'a',
        '',
        false,
        [],
        [item('nested')],
        item(null),
        item(''),
        item(0),
        item({ a: 1 }),
        item([1]),
        item(true),
        { id: 'x' },
        { other: 1, id: 'y' },
      ];
      await runSteps(
        t,
        'k6',
        [
          list(odd),
          list(odd.toReversed()),
          list(odd.filter((_, i) => i % 2 === 0)),
          list([item('z')]),
          list([{}, {}, null, null]),
        ],
        cause,
      );
      const falsy = [item(0), item(1), item(''), item('b')];
      await runSteps(
        t,
        'k6-falsy',
        [list(falsy), list(falsy.toReversed()), list(falsy.slice(0, 3))],
        'A key is tested for truth.',
      );
      await inBatches<unknown, void>(odd, (one, i) =>
        runSteps(t, `k6-${i}`, [list([one]), list([one, one])], cause),
      );
    },
  },
  {
    id: 'K7',
    title: 'the same key under two parents is two items',
    async check(t) {
      const [store, other] = await t.pair();
      const cause = 'The key of a child row does not include its parent.';
      const states = new Map<string, Record<string, unknown>>();
      const save = async (type: string, id: string, state: Record<string, unknown>) => {
        states.set(`${type} ${id}`, state);
        await store.persist(type, id, state, state);
      };
      const of = (who: string) => [item('1', { title: who }), item('2', { title: `${who} 2` })];
      await save(LIST, 'one', list(of('one'), { archive: of('one, archived') }));
      await save(LIST, 'two', list(of('two').toReversed()));
      await save(BOARD, 'one', {
        id: 'one',
        lists: [list(of('board'), { id: 'one' }), list(of('board 2'), { id: 'two' })],
        items: of('board itself'),
      });
      const deep = (title: string) => ({ ...list(of(title), { archive: of(`${title} 2`) }), id: 'same' });
      await save(BOARD, 'deep', { id: 'deep', lists: [deep('a')], items: [deep('b')], archive: [deep('c')] });
      await save(LIST, 'deep', list([deep('d')], { archive: [deep('e')] }));
      await save(ITEM, '1', { id: '1', title: 'a root' });
      await save(LIST, 'one', list([item('1', { title: 'changed' })]));
      await save(LIST, 'two', list([]));
      await save(BOARD, 'two', { id: 'two', lists: [list(of('other board'), { id: 'one' })], items: [] });
      for (const handle of [store, other]) {
        for (const [key, state] of states) {
          const [type, id] = key.split(' ') as [string, string];
          await t.expectLoad(handle, id, state, { type, what: `load of ${type} ${id}`, cause });
        }
      }
    },
  },
  {
    id: 'K8',
    title: 'the keys 1 and "1" are different',
    async check(t) {
      const cause = 'Keys are compared or kept as text, or as numbers.';
      const numeric = [item(1), item('1'), item(1.5), item('1.0'), item('01'), item(true), item('true')];
      await runSteps(
        t,
        'k8',
        [
          list(numeric),
          list(numeric.toReversed()),
          list([item('1')]),
          list([item(1)]),
          list([item('1'), item(1)]),
        ],
        cause,
      );
    },
  },
  {
    id: 'K9',
    title: 'nothing of the storage shows in what is loaded',
    async check(t) {
      await runSteps(
        t,
        'k9',
        [list([{ id: 'a' }, { title: 'b' }, {}]), list([{}]), { items: [{ done: true }] }, {}],
        LEAK,
      );
      const names = [
        'position',
        'parent',
        'parent_id',
        'list_id',
        'conformance_list_id',
        'idx',
        'ordinal',
        'rowid',
        '_na_parent',
        '_na_position',
      ];
      const own = Object.fromEntries(names.map((name, i) => [name, i === 0 ? 'own' : i]));
      await runSteps(
        t,
        'k9-own',
        [list([{ id: 'a', ...own }, { id: 'b' }], own)],
        'A column of the storage hides a property of the item.',
      );
      const ordered = [3, 2, 1, 2].map((n, i) => ({
        ...{ id: `i${i}`, position: n, order: n, index: n, rank: n, sort: n, ordinal: n },
        ...{ _position: n, _na_position: n, createdAt: n },
      }));
      await runSteps(
        t,
        'k9-ordered',
        [list(ordered), list(ordered.slice(0, 3)), list(ordered.toReversed())],
        'Items are ordered by a property of their own.',
      );
      const board = { id: 'b', lists: [{ id: 'l', items: [{ id: 'i' }, {}] }, {}], items: [{}] };
      await t.roundTrip('k9', board, { type: BOARD, cause: LEAK });
    },
  },
  {
    id: 'K10',
    title: 'generated edit scripts end in the list that they should',
    patience: 2,
    async check(t) {
      const [store, other] = await t.pair();
      let count = 0;
      const check = async (script: Edit[]): Promise<void> => {
        const id = `k10-${count++}`;
        let state = list([]);
        for (const edit of script) {
          const next = edit(state);
          await store.persist(LIST, id, diffState(state, next), next);
          state = next;
          await t.expectLoad(store, id, state, { type: LIST, what: 'load after an edit' });
        }
        await t.expectLoad(other, id, state, {
          type: LIST,
          what: 'load after all edits, through another handle',
        });
      };
      await sideBySide(t, scripts, check, 6);
    },
  },
]);

type Edit = (state: Record<string, unknown>) => Record<string, unknown>;

const itemIds = fc.constantFrom<unknown>('a', 'b', 'c', 'd', 'e', '1', 1, null);
const items = fc
  .tuple(itemIds, fc.option(fc.tuple(fc.constantFrom('title', 'done', 'rank', 'meta', 'other'), easyValues)))
  .map(([id, more]) => ({ id, ...(more === null ? {} : { [more[0]]: more[1] }) }));
const place = fc.nat({ max: 9 });
const property = fc.constantFrom('items', 'items', 'items', 'archive');

/** Edits that print themselves, so that a failing script can be read. */
const scripts: fc.Arbitrary<Edit[]> = fc.array(
  fc.oneof(
    fc
      .tuple(property, place, items)
      .map(([p, at, one]) =>
        edit(p, `insert ${JSON.stringify(one)} at ${at}`, (all) => all.toSpliced(at, 0, one)),
      ),
    fc.tuple(property, place).map(([p, at]) => edit(p, `delete at ${at}`, (all) => all.toSpliced(at, 1))),
    fc
      .tuple(property, place, items)
      .map(([p, at, one]) =>
        edit(p, `replace at ${at} by ${JSON.stringify(one)}`, (all) => all.toSpliced(at, 1, one)),
      ),
    fc
      .tuple(property, place, place)
      .map(([p, from, to]) =>
        edit(p, `move ${from} to ${to}`, (all) =>
          all.toSpliced(from, 1).toSpliced(to, 0, ...all.slice(from, from + 1)),
        ),
      ),
    property.map((p) => edit(p, 'reverse', (all) => all.toReversed())),
    property.map((p) => edit(p, 'clear', () => [])),
  ),
  { minLength: 1, maxLength: 12 },
);

function edit(property: string, name: string, change: (items: unknown[]) => unknown[]): Edit {
  const apply: Edit = (state) => ({ ...state, [property]: change((state[property] ?? []) as unknown[]) });
  return Object.assign(apply, { [fc.toStringMethod]: () => `${property}: ${name}` });
}
