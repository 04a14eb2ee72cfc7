import { expectSame, expectThat } from '../expect';
import { preview } from '../preview';
import type { Rule } from '../rule';
import type { RuleContext } from '../rule-context';
import type { Subject } from '../subject';
import { DOC, LIST } from '../suite-schema';
import { ticks } from '../turns';
import {
  expectDistinctEvents,
  expectEmptyEvents,
  expectEventSurvivesFaults,
  expectOldEvents,
  expectOwnRevs,
} from './event-checks';
import { write } from './write';

const FORGOTTEN = 'The event id is not recorded in the same step as the state.';

/** Group N: an event takes effect once. */
export const idempotencyRules: readonly Rule[] = [
  {
    id: 'N1',
    title: 'the same eventId twice has one effect and the first revs',
    needs: ['capabilities'],
    async check(t) {
      const [store, other] = await t.pair();
      if (!store.capabilities.idempotency) return refusedWithoutIdempotency(t, store);
      await store.persist(DOC, 'n1', {}, { n: 0 });
      const first = await store.commit([write('n1', { n: 1 })], { eventId: 'e' });
      expectSame(first, { status: 'committed', revs: [2] }, 'the result of the first commit');
      await store.persist(DOC, 'n1', {}, { n: 2 });
      for (const handle of [store, other, store]) {
        for (const full of [{ n: 1 }, { n: 99 }, null]) {
          const again = await handle.commit([write('n1', full)], { eventId: 'e' });
          expectSame(
            again,
            { status: 'duplicate', revs: [2] },
            'the result of the same event again',
            FORGOTTEN,
          );
          const loaded = await other.loadVersioned(DOC, 'n1');
          expectSame(
            [loaded?.rev, loaded?.state],
            [3, { n: 2 }],
            'loadVersioned after a duplicate',
            'A duplicate is written.',
          );
        }
      }
      for (const eventId of ['', 1, null, {}, true]) {
        await t.refused(
          store.commit([write('n1', {})], { eventId: eventId as string }),
          'STORE_INVALID_ARGUMENT',
          `eventId ${preview(eventId)}`,
        );
      }
      await expectMultiDuplicate(store, other);
      await expectEmptyEvents(store, other);
      await expectOwnRevs(store);
    },
  },
  {
    id: 'N2',
    title: 'an eventId is known after closing and opening',
    needs: ['idempotency', 'durable'],
    async check(t) {
      const store = await t.open();
      await store.commit([write('n2', { n: 1 })], { eventId: 'e' });
      await store.commit([write('n2', null)], { eventId: 'removal' });
      await t.closeAll();
      const again = await t.open();
      for (const [eventId, rev] of [
        ['e', 1],
        ['removal', 2],
      ] as const) {
        const result = await again.commit([write('n2', { n: 9 })], { eventId });
        expectSame(
          result,
          { status: 'duplicate', revs: [rev] },
          'the result of the same event after closing and opening',
          FORGOTTEN,
        );
      }
      await t.expectLoad(again, 'n2', null, { what: 'load after the duplicates' });
    },
  },
  {
    id: 'N3',
    title: 'the same eventId from two handles at once has one effect',
    needs: ['idempotency'],
    async check(t) {
      const handles = await t.pair();
      for (let round = 0; round < 6; round++) {
        const id = `n3-${round}`;
        const eventId = `e${round}`;
        const results = await Promise.all(
          Array.from({ length: 8 }, async (_, n) => {
            await ticks(n % 4);
            return (handles[n % 2] as Subject).commit([write(id, { n })], { eventId });
          }),
        );
        const committed = results.filter(({ status }) => status === 'committed').length;
        expectThat(committed === 1, 'one of eight commits with one eventId must be committed', {
          got: `${committed} were`,
          cause: 'The event id is looked up in one step and recorded in another.',
        });
        for (const { revs } of results) expectSame(revs, [1], 'the revs of each of them');
        expectSame((await handles[1].loadVersioned(DOC, id))?.rev, 1, 'the rev after them');
      }
    },
  },
  {
    id: 'N4',
    title: 'a refused commit does not use its eventId up',
    needs: ['idempotency'],
    async check(t) {
      const [store, other] = await t.pair();
      const cause = 'The event id is recorded before the commit is decided.';
      await store.persist(DOC, 'n4', {}, { n: 0 });
      for (const handle of [store, other]) {
        await t.refused(
          handle.commit([write('n4', { n: 1 }, 9)], { eventId: 'e' }),
          'STORE_CONFLICT',
          'a stale commit with an eventId',
        );
        await t.refused(
          handle.commit([write('n4', { n: NaN })], { eventId: 'e' }),
          'STORE_INVALID_STATE',
          'NaN with an eventId',
        );
        await t.refused(
          handle.commit([write('', {}, 1), write('', {}, 1)], { eventId: 'e' }),
          'STORE_INVALID_ARGUMENT',
          'an instance twice, with an eventId',
        );
      }
      const result = await store.commit([write('n4', { n: 1 }, 1)], { eventId: 'e' });
      expectSame(
        result,
        { status: 'committed', revs: [2] },
        'the result of the event after its commits were refused',
        cause,
      );
      await t.expectLoad(other, 'n4', { n: 1 }, { what: 'load after the event', cause });
      await expectEventSurvivesFaults(t);
    },
  },
  {
    id: 'N5',
    title: 'different eventIds are different events',
    needs: ['idempotency'],
    async check(t) {
      const [store, other] = await t.pair();
      const long = 'x'.repeat(300);
      const ids = [
        'e',
        'E',
        'e ',
        ' e',
        'é',
        'e\u0301',
        '1',
        '01',
        '1.0',
        ' ',
        '__proto__',
        'constructor',
        'null',
        "'; --",
        '%',
        'n5',
        'ConformanceDoc:n5',
        long,
        `${long}a`,
        `${long}b`,
      ];
      const cause = 'Event ids are folded, trimmed, cut or converted.';
      for (const [i, eventId] of ids.entries()) {
        const result = await (i % 2 === 0 ? store : other).commit([write('n5', { i })], { eventId });
        expectSame(
          result,
          { status: 'committed', revs: [i + 1] },
          `the result of event ${preview(eventId, 30)}`,
          cause,
        );
      }
      for (const [i, eventId] of ids.entries()) {
        const result = await store.commit([write('n5', {})], { eventId });
        expectSame(
          result,
          { status: 'duplicate', revs: [i + 1] },
          `the result of event ${preview(eventId, 30)} again`,
          cause,
        );
      }
      await expectDistinctEvents(t, store, other);
      await expectOldEvents(store);
    },
  },
  {
    id: 'N6',
    title: 'the eventId is decided before ifRev',
    needs: ['idempotency'],
    async check(t) {
      const [store, other] = await t.pair();
      const cause =
        'ifRev is compared first: a client that sends its event again gets a conflict with itself.';
      await store.commit([write('n6', { n: 1 }, 0)], { eventId: 'e' });
      for (const ifRev of [0, 5, 1, undefined]) {
        const result = await other.commit([write('n6', { n: 2 }, ifRev)], { eventId: 'e' });
        expectSame(
          result,
          { status: 'duplicate', revs: [1] },
          'the result of an event again, with an ifRev that is stale by now',
          cause,
        );
      }
      await store.commit([write('n6', null, 1)], { eventId: 'removal' });
      const result = await other.commit([write('n6', null, 1)], { eventId: 'removal' });
      expectSame(result, { status: 'duplicate', revs: [2] }, 'the result of a removal again', cause);
    },
  },
  {
    id: 'N7',
    title: 'the same eventId with other instances is refused',
    needs: ['idempotency'],
    async check(t) {
      const [store, other] = await t.pair();
      await store.commit([write('n7', { n: 1 })], { eventId: 'e' });
      const cause = 'A duplicate is told by its eventId only, and another event is swallowed.';
      const others = [[write('n7-other', { n: 2 })], [write('n7', { n: 2 }, undefined, LIST)], []];
      if (store.capabilities.atomic === 'multi')
        others.push([write('n7', { n: 2 }), write('n7-other', { n: 2 })]);
      for (const writes of others) {
        await t.refused(
          other.commit(writes, { eventId: 'e' }),
          'STORE_INVALID_ARGUMENT',
          'an eventId that was used with other instances',
          cause,
        );
      }
      for (const handle of [store, other]) {
        await t.expectLoad(handle, 'n7', { n: 1 });
        await t.expectLoad(handle, 'n7-other', null);
        await t.expectLoad(handle, 'n7', null, { type: LIST });
      }
    },
  },
];

async function refusedWithoutIdempotency(t: RuleContext, store: Subject): Promise<void> {
  const what = 'an eventId with idempotency: false';
  await t.refused(
    store.commit([write('n1', {})], { eventId: 'e' }),
    'STORE_UNSUPPORTED',
    what,
    'The eventId is ignored.',
  );
  await t.expectLoad(store, 'n1', null, { what: 'load after the refusal' });
}

async function expectMultiDuplicate(store: Subject, other: Subject): Promise<void> {
  if (store.capabilities.atomic !== 'multi') return;
  const writes = [
    write('n1', { n: 4 }),
    write('n1-b', { n: 4 }),
    write('n1-absent', null),
    write('n1', { n: 4 }, undefined, LIST),
  ];
  const first = await store.commit(writes, { eventId: 'multi' });
  expectSame(first.revs, [4, 1, 0, 1], 'the revs of a commit of several with an eventId');
  const again = await other.commit(writes, { eventId: 'multi' });
  expectSame(
    again,
    { status: 'duplicate', revs: [4, 1, 0, 1] },
    'the result of the same event of several again',
  );
}
