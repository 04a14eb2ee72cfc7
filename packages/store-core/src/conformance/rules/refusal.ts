import { expectThat } from '../expect';
import { preview } from '../preview';
import { bothWays } from '../both-ways';
import type { Rule } from '../rule';
import type { RuleContext } from '../rule-context';
import { DOC, LIST } from '../suite-schema';
import { inBatches } from './in-batches';

class Account {
  readonly owner = 'x';
}

const NOT_PLAIN: readonly unknown[] = [
  new Date(0),
  new Map([['a', 1]]),
  new Set([1]),
  Buffer.from('x'),
  new Uint8Array(2),
  new Account(),
  /x/,
  new Error('x'),
  new URL('https://example.org'),
  new WeakMap(),
  Promise.resolve(1),
  Object('boxed'),
  Object(1),
  new (class extends Array {})(),
  Object.create({ inherited: 1 }),
  new ArrayBuffer(1),
];

/** Group V, second half: what JSON would change or lose is refused, and the earlier state stays. */
export const refusalRules: readonly Rule[] = bothWays([
  {
    id: 'V6',
    title: 'NaN and the infinities are refused',
    async check(t) {
      const cause = 'JSON.stringify writes them as null.';
      await inBatches([NaN, Infinity, -Infinity], (value, i) =>
        refusedEverywhere(t, `v6-${i}`, value, cause),
      );
    },
  },
  {
    id: 'V7',
    title: 'an undefined property is absent; in an array, undefined and holes are refused',
    async check(t) {
      const state = {
        text: 'x',
        gone: undefined,
        nested: { a: 1, gone: undefined, b: { gone: undefined } },
        flag: undefined,
      };
      const want = { text: 'x', nested: { a: 1, b: {} } };
      await t.roundTrip('v7', state, { want, cause: 'Values are kept without going through JSON.' });
      const list = { id: 'l', title: undefined, items: [{ id: 'i', title: undefined, done: true }] };
      await t.roundTrip('v7', list, { type: LIST, want: { id: 'l', items: [{ id: 'i', done: true }] } });
      const cause = 'JSON.stringify writes them as null.';
      const holed: unknown[] = [1, 2, 3];
      delete holed[1];
      const arrays = [[undefined], [1, undefined, 2], holed, new Array<unknown>(2)];
      await inBatches(arrays, async (array, i) => {
        await Promise.all([
          refused(t, { tags: array }, '/tags/', cause, DOC, `v7-tags-${i}`),
          refused(t, { nested: { deep: [array] } }, '/nested/deep/0/', cause, DOC, `v7-deep-${i}`),
          refused(t, { id: 'l', items: array }, '/items/', cause, LIST, `v7-items-${i}`),
        ]);
      });
    },
  },
  {
    id: 'V8',
    title: 'dates, maps, sets, buffers and instances of classes are refused',
    async check(t) {
      const cause = 'JSON.stringify turns a Date into a string, and most others into {}.';
      await inBatches(NOT_PLAIN, (value, i) => refusedEverywhere(t, `v8-${i}`, value, cause));
      for (const root of [new Date(0), new Map([['a', 1]]), new Account(), Buffer.from('x')]) {
        await refused(t, root, undefined, cause);
      }
    },
  },
  {
    id: 'V9',
    title: 'BigInts, symbols, functions and accessors are refused',
    async check(t) {
      const cause =
        'JSON.stringify throws on a BigInt, leaves symbols and functions out, and calls accessors.';
      const values = [1n, Symbol('s'), () => 1, class {}];
      await inBatches<unknown, void>(values, (value, i) => refusedEverywhere(t, `v9-${i}`, value, cause));
      await refused(t, { nested: { [Symbol('key')]: 1 } }, undefined, cause);
      const accessor = Object.defineProperty({}, 'computed', { get: () => 1, enumerable: true });
      await refused(t, { nested: accessor }, '/nested/computed', cause);
      await refused(
        t,
        { nested: Object.defineProperty({}, 'hidden', { value: 1, enumerable: false }) },
        undefined,
        cause,
      );
      await refused(t, { tags: Object.assign(['a'], { named: 1 }) }, undefined, cause);
    },
  },
  {
    id: 'V10',
    title: 'toJSON is not applied in silence',
    async check(t) {
      const cause = 'JSON.stringify calls it: what is stored is not what was given.';
      const own = { text: 'x', toJSON: () => ({ text: 'other' }) };
      await refused(t, own, undefined, cause);
      await refused(t, { nested: own }, '/nested', cause);
      await refused(t, { tags: [own] }, '/tags/0', cause);
      await refused(t, { nested: Object.create({ toJSON: () => 'x' }) as object }, '/nested', cause);
      await t.roundTrip('v10', { toJSON: 'a plain key', nested: { toJSON: { a: 1 } } });
    },
  },
  {
    id: 'V11',
    title: 'cycles are refused',
    async check(t) {
      const self: Record<string, unknown> = { text: 'x' };
      self.self = self;
      const array: unknown[] = [];
      array.push([array]);
      const parent: Record<string, unknown> = { id: 'p', children: [{ id: 'c' }] };
      (parent.children as Record<string, unknown>[])[0]!.parent = parent;
      const cause = 'The walk over the state does not look for them; JSON.stringify throws a TypeError.';
      for (const state of [self, { tags: array }, { nested: parent }, { nested: { deep: { self } } }]) {
        await refused(t, state, undefined, cause);
      }
      await refused(t, { id: 'l', items: [{ id: 'i', meta: parent }] }, undefined, cause, LIST);
    },
  },
]);

async function refusedEverywhere(t: RuleContext, id: string, value: unknown, cause: string): Promise<void> {
  const places = [
    refused(t, { text: 'x', other: value }, '/other', cause, DOC, `${id}-other`),
    refused(t, { count: value }, '/count', cause, DOC, `${id}-count`),
    refused(t, { nested: { a: [{ 'b/c': value }] } }, '/nested/a/0/b~1c', cause, DOC, `${id}-nested`),
    refused(t, { tags: ['x', value] }, '/tags/1', cause, DOC, `${id}-tags`),
    refused(t, { id: 'l', items: [{ id: 'i', rank: value }] }, '/items/0/rank', cause, LIST, `${id}-items`),
  ];
  await inBatches(places, (each) => each);
}

/** A state must be refused; the earlier one stays; with `capabilities`, the message names the place. */
async function refused(
  t: RuleContext,
  state: unknown,
  pointer: string | undefined,
  cause: string,
  type: string = DOC,
  id = 'refused',
): Promise<void> {
  const [store, other] = await t.pair();
  const earlier = { id: 'earlier', text: 'earlier', items: [{ id: 'e' }] };
  await store.persist(type, id, earlier, earlier);
  const what = `persisting ${preview(state)}`;
  const error = await t.about(id, async () => {
    const refusal = await t.refused(store.persist(type, id, {}, state), 'STORE_INVALID_STATE', what, cause);
    const expectation = { type, what: `the earlier state after ${what}` };
    await inBatches([store, other], (handle) => t.expectLoad(handle, id, earlier, expectation));
    return refusal;
  });
  if (t.capabilities === undefined || pointer === undefined) return;
  const { message } = error as { message?: unknown };
  expectThat(
    typeof message === 'string' && message.includes(pointer),
    `the message of ${what} must say where`,
    {
      got: String(message),
      want: `a message with the JSON Pointer ${pointer}`,
    },
  );
}
