import { expectSame, expectThat, fail } from '../expect';
import { preview } from '../preview';
import type { Rule } from '../rule';
import { rejection, type RuleContext } from '../rule-context';
import { DOC, LIST } from '../suite-schema';
import { inBatches } from './in-batches';

const SAMPLE = {
  id: 'b2',
  text: 'Grüße, 世界',
  count: 3,
  ratio: 0.25,
  flag: true,
  day: '2024-02-29T12:00:00.000Z',
  nested: { a: { b: [1, 'two', null, false] } },
  tags: ['x', 'y'],
};

const LIST_SAMPLE = {
  id: 'l',
  title: 'Groceries',
  items: [
    { id: '1', title: 'Milk', done: false },
    { id: '2', title: 'Bread', done: true },
  ],
};

const ROOTS: readonly unknown[] = [
  null,
  undefined,
  [],
  [{ a: 1 }],
  'text',
  '',
  0,
  42,
  true,
  false,
  () => ({}),
];

/** What a call of a method that is not there gives. */
const ABSENT = Symbol('absent');

/** Group B: what everybody takes for granted. */
export const basicRules: readonly Rule[] = [
  {
    id: 'B1',
    title: 'what was never written loads as null',
    blockedBy: [],
    async check(t) {
      const store = await t.open();
      const cause = 'The look-up answers undefined for what is absent: return `value ?? null`.';
      await t.expectLoad(store, 'never', null, { what: 'load of what was never written', cause });
      await store.persist(DOC, 'other', { a: 1 }, { a: 1 });
      await t.expectLoad(store, 'never', null, { what: 'load of an id beside one that exists', cause });
      await t.expectLoad(store, 'other', null, { type: LIST, what: 'load of another type', cause });
    },
  },
  {
    id: 'B2',
    title: 'what was persisted is loaded',
    blockedBy: [],
    async check(t) {
      await t.roundTrip('b2', SAMPLE);
      await t.roundTrip('l', LIST_SAMPLE, { type: LIST });
    },
  },
  {
    id: 'B3',
    title: 'a second persist replaces the first',
    async check(t) {
      const cause =
        'The write merges into what is there, or writes `diff` instead of `full`, or only inserts.';
      await t.roundTrip('b3', { id: 'b3', text: 'one', count: 1 }, { cause });
      await t.roundTrip('b3', { id: 'b3', text: 'two', flag: false }, { cause });
      await t.roundTrip('b3', { id: 'b3', text: 'one', count: 1 }, { cause });
    },
  },
  {
    id: 'B4',
    title: 'a property that is gone from full is gone',
    async check(t) {
      const [store, other] = await t.pair();
      const cause =
        'The store merges into the earlier state instead of replacing it with `full`, or an empty object is lost.';
      const before = {
        id: 'b4',
        text: 'x',
        count: 1,
        nested: { x: 1, y: { z: 2 } },
        tags: ['a', 'b'],
        extra: 1,
      };
      await store.persist(DOC, 'b4', before, before);
      const after = { id: 'b4', text: 'x', nested: { y: {} }, tags: ['b'] };
      await store.persist(
        DOC,
        'b4',
        { count: undefined, extra: undefined, nested: { y: {} }, tags: ['b'] },
        after,
      );
      for (const handle of [store, other]) {
        await t.expectLoad(handle, 'b4', after, { what: 'load after properties were removed', cause });
      }
      await expectItemsReplaced(t);
    },
  },
  {
    id: 'B5',
    title: 'every call answers with a promise and throws nothing',
    async check(t) {
      const { raw } = await t.open();
      const bad = NaN as never;
      const calls: [string, () => unknown][] = [
        ['load(type, id)', () => raw.load(DOC, 'b5')],
        ['persist(type, id, diff, full)', () => raw.persist(DOC, 'b5', { a: 1 }, { a: 1 })],
        ['load of a type that is no string', () => raw.load(bad, 'b5')],
        ['load of an id that is undefined', () => raw.load(DOC, undefined as never)],
        ['persist of an id that is null', () => raw.persist(DOC, null as never, {}, {})],
        ['persist of a state that holds NaN', () => raw.persist(DOC, 'b5', {}, { a: NaN })],
        ['persist of a state that holds a BigInt', () => raw.persist(DOC, 'b5', {}, { a: 1n })],
        ['persist of undefined', () => raw.persist(DOC, 'b5', undefined as never, undefined)],
        [
          'loadVersioned of an empty type',
          () => (raw.loadVersioned === undefined ? ABSENT : raw.loadVersioned('', 'b5')),
        ],
        ['commit of null', () => (raw.commit === undefined ? ABSENT : raw.commit(null as never))],
        ['commit of [null]', () => (raw.commit === undefined ? ABSENT : raw.commit([null] as never))],
        [
          'remove of an id that is a number',
          () => (raw.remove === undefined ? ABSENT : raw.remove(DOC, 1 as never)),
        ],
        ['list with limit −1', () => (raw.list === undefined ? ABSENT : raw.list(DOC, { limit: -1 }))],
        ['watch of null', () => (raw.watch === undefined ? ABSENT : raw.watch(null as never))],
      ];
      for (const [what, call] of calls) await expectPromise(what, call);
    },
  },
  {
    id: 'B6',
    title: 'an empty object, null and falsy values are data',
    async check(t) {
      const cause =
        'The store tests for truth (`if (value)`) where it should test for absence, or takes {} and [] for one.';
      await t.roundTrip('empty', {}, { cause });
      await t.roundTrip('falsy', { text: '', count: 0, flag: false, nested: null, tags: [] }, { cause });
      await t.roundTrip(
        'nulls',
        { id: null, text: null, count: null, ratio: null, flag: null, day: null },
        { cause },
      );
      await t.roundTrip(
        'deep',
        { nested: { a: null, b: {}, c: [], d: [null, 0, '', false, {}, []] } },
        { cause },
      );
      await t.roundTrip(
        'list',
        { id: '', items: [{ id: '', title: '', done: false, rank: 0 }] },
        { type: LIST, cause },
      );
    },
  },
  {
    id: 'B7',
    title: 'a state that is not an object is refused',
    async check(t) {
      const store = await t.open();
      const earlier = { text: 'earlier' };
      await store.persist(DOC, 'b7', earlier, earlier);
      for (const root of ROOTS) {
        const what = `persisting ${preview(root)} as a state`;
        await t.refused(store.persist(DOC, 'b7', {}, root), 'STORE_INVALID_STATE', what);
        await t.expectLoad(store, 'b7', earlier, { what: `the earlier state after ${what}` });
      }
    },
  },
  {
    id: 'B8',
    title: 'loading changes nothing',
    async check(t) {
      const [store, other] = await t.pair();
      for (const handle of [store, store, other]) await t.expectLoad(handle, 'absent', null);
      if (typeof store.raw.list === 'function') {
        expectSame(await store.list(DOC), [], 'list after loads of what is absent', 'Loading creates a row.');
      }
      const state = { text: 'x' };
      await store.persist(DOC, 'b8', state, state);
      for (const handle of [store, other, store, other]) await t.expectLoad(handle, 'b8', state);
      if (t.capabilities === undefined) return;
      const loaded = await store.loadVersioned(DOC, 'b8');
      expectSame(loaded?.rev, 1, 'the rev after one persist and several loads', 'Loading takes a rev.');
    },
  },
  {
    id: 'B9',
    title: 'the same persist twice gives the same state',
    async check(t) {
      const [store, other] = await t.pair();
      const cause = 'Arrays or children are appended on each persist.';
      for (let i = 0; i < 3; i++) {
        await store.persist(DOC, 'b9', SAMPLE, SAMPLE);
        await store.persist(LIST, 'b9', LIST_SAMPLE, LIST_SAMPLE);
        for (const handle of [store, other]) {
          await t.expectLoad(handle, 'b9', SAMPLE, { cause });
          await t.expectLoad(handle, 'b9', LIST_SAMPLE, { type: LIST, cause });
        }
      }
    },
  },
  {
    id: 'B10',
    title: 'persist resolves to undefined',
    async check(t) {
      const store = await t.open();
      const what = 'the value that persist resolves to';
      const cause = 'The result of the driver is passed on.';
      expectSame(
        await store.persist(DOC, 'b10', { a: 1 }, { a: 1 }),
        undefined,
        `${what}, first time`,
        cause,
      );
      expectSame(
        await store.persist(DOC, 'b10', { a: 2 }, { a: 2 }),
        undefined,
        `${what}, on overwriting`,
        cause,
      );
    },
  },
  {
    id: 'B11',
    title: 'a thousand instances are each their own',
    async check(t) {
      const [store, other] = await t.pair();
      const cause = 'Parallel writes lose each other (see C2), or there is only so much room.';
      const ids = Array.from({ length: 1_000 }, (_, i) => `b11-${i}`);
      const stateOf = (id: string) => ({ id, text: `text of ${id}`, count: Number(id.slice(4)) });
      await Promise.all(ids.map((id) => store.persist(DOC, id, stateOf(id), stateOf(id))));
      const load = (id: string) =>
        t.expectLoad(t.random.pick([store, other]), id, stateOf(id), {
          what: `load of one of 1,000 (${id})`,
          cause,
        });
      await inBatches(t.random.shuffle(ids), load, 250);
      await expectEqualStatesApart(t);
    },
  },
];

/** An item keeps nothing of the one that had its key. */
async function expectItemsReplaced(t: RuleContext): Promise<void> {
  const [store, other] = await t.pair();
  const cause = 'An item is merged into the earlier one of the same key.';
  const lists = [
    { id: 'l', title: 'List', items: [{ id: 'a', title: 'x', done: true, meta: { n: 1 }, extra: 1 }] },
    { id: 'l', items: [{ id: 'a', meta: {} }] },
    { items: [{ id: 'a' }] },
  ];
  for (const list of lists) {
    await store.persist(LIST, 'b4', {}, list);
    await t.expectLoad(other, 'b4', list, {
      type: LIST,
      what: 'load after properties of an item were removed',
      cause,
    });
  }
}

/** Instances of equal states are overwritten one without the other. */
async function expectEqualStatesApart(t: RuleContext): Promise<void> {
  const [store, other] = await t.pair();
  const cause = 'Equal states are stored once, and go with the first one that is overwritten.';
  const ids = ['x', 'y', 'z'].map((id) => `b11-equal-${id}`) as [string, string, string];
  const equal = { text: 'equal text, '.repeat(100) + 'end', nested: { n: 1 } };
  for (const id of ids) await store.persist(DOC, id, equal, equal);
  await other.persist(DOC, ids[0], {}, { text: 'another' });
  for (const [i, id] of ids.entries()) {
    const want = i === 0 ? { text: 'another' } : equal;
    await t.expectLoad(store, id, want, {
      what: 'load after one of three equal states was overwritten',
      cause,
    });
  }
}

async function expectPromise(what: string, call: () => unknown): Promise<void> {
  let answer: unknown;
  try {
    answer = call();
  } catch (error) {
    fail(`${what} must not throw; it may reject`, {
      got: `thrown synchronously: ${String(error)}`,
      want: 'a promise',
      cause: 'The method checks its arguments before it is in a promise: make it `async`.',
    });
  }
  if (answer === ABSENT) return;
  const { then } = (answer ?? {}) as { then?: unknown };
  expectThat(typeof then === 'function', `${what} must answer with a promise`, { got: preview(answer) });
  await rejection(answer as Promise<unknown>);
}
