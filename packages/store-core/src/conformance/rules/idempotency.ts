import type { Write } from '../../store';
import type { StoreErrorCode } from '../../store-error';
import { expectSame, expectThat } from '../expect';
import { preview } from '../preview';
import type { Rule } from '../rule';
import type { RuleContext } from '../rule-context';
import type { Subject } from '../subject';
import { DOC, LIST } from '../suite-schema';
import { ticks, turn } from '../turns';
import {
  expectDistinctEvents,
  expectEmptyEvents,
  expectEventSurvivesFaults,
  expectLargeEvent,
  expectNoFalseHints,
  expectOwnRevs,
} from './event-checks';
import { expectEventsOfAllHandles, expectEventsOutlive, expectOldEvents } from './event-memory';
import { expectMisuseRefused, expectOneMeaning, expectOrderAsAsked } from './event-misuse';
import { expectOwnKeySpace, expectOwnRecords } from './event-space';
import { expectResolved } from './expect-resolved';
import { expectDuplicate } from './expect-duplicate';
import { write } from './write';

const FORGOTTEN = 'The event id is not recorded in the same step as the state.';

/** Group N: an event takes effect once. */
export const idempotencyRules: readonly Rule[] = [
  {
    id: 'N1',
    title: 'the same eventId twice has one effect and the first revs, whatever came in between',
    needs: ['capabilities'],
    async check(t) {
      const [store, other] = await t.pair();
      if (!store.capabilities.idempotency) return refusedWithoutIdempotency(t, store);
      await expectOneEffect(store, other);
      await Promise.all(
        ['', 1, null, {}, true, 0n, ['e'], Object('e')].map((eventId) =>
          t.refused(
            store.commit([write('n1-refused', {})], { eventId: eventId as string }),
            'STORE_INVALID_ARGUMENT',
            `eventId ${preview(eventId)}`,
          ),
        ),
      );
      await t.expectLoad(other, 'n1-refused', null, { what: 'load after refused eventIds' });
      await Promise.all([
        expectMultiDuplicate(store, other),
        expectLargeEvent(store, other),
        expectEmptyEvents(store, other),
        expectOwnRevs(store),
        expectEventsOutlive(t, store, other),
        expectNoFalseHints(t, store, other),
      ]);
      await expectEventsOfAllHandles(t, store);
    },
  },
  {
    id: 'N2',
    title: 'an eventId is known after closing and opening',
    needs: ['idempotency', 'durable'],
    async check(t) {
      const store = await t.open();
      const events: readonly (readonly [eventId: string, id: string, full: object | null, revs: number[]])[] =
        [
          ['e', 'n2', { n: 1 }, [1]],
          ['removal', 'n2', null, [2]],
          ['kept', 'n2-kept', { n: 1 }, [1]],
          ['nothing', 'n2-absent', null, [0]],
          ['n2-kept', 'n2-named', { n: 1 }, [1]],
        ];
      for (const [eventId, id, full] of events) await store.commit([write(id, full)], { eventId });
      await store.commit([], { eventId: 'empty' });
      for (let round = 0; round < 2; round++) {
        await t.closeAll();
        const again = await t.open();
        const repeated = events.map(async ([eventId, id, , revs]) => {
          const result = await again.commit([write(id, { n: 9 })], { eventId });
          const what = `the result of the same event (${eventId}) after closing and opening`;
          expectDuplicate(result, revs, what, FORGOTTEN);
        });
        await Promise.all(repeated);
        const empty = await again.commit([], { eventId: 'empty' });
        expectDuplicate(empty, [], 'the result of an empty event after opening', FORGOTTEN);
        await Promise.all([
          t.expectLoad(again, 'n2', null, { what: 'load after the duplicates' }),
          t.expectLoad(again, 'n2-kept', { n: 1 }, { what: 'load after the duplicates' }),
          t.expectLoad(again, 'n2-absent', null, { what: 'load after the duplicates' }),
        ]);
      }
    },
  },
  {
    id: 'N3',
    title: 'the same eventId from two handles at once has one effect',
    needs: ['idempotency'],
    async check(t) {
      const handles = await t.pair();
      await Promise.all(Array.from({ length: 12 }, (_, round) => expectOneCommitted(handles, round)));
      await Promise.all(Array.from({ length: 12 }, (_, round) => expectEventWithState(handles, round)));
    },
  },
  {
    id: 'N4',
    title: 'a refused commit does not use its eventId up',
    needs: ['idempotency'],
    async check(t) {
      const [store, other] = await t.pair();
      await Promise.all([expectNotUsedUp(t, store, other, 'n4-a'), expectNotUsedUp(t, other, store, 'n4-b')]);
      await expectEventSurvivesFaults(t);
    },
  },
  {
    id: 'N5',
    title: 'different eventIds are different events, and events are nothing else',
    needs: ['idempotency'],
    patience: 3,
    async check(t) {
      const [store, other] = await t.pair();
      await expectOwnRecords(t, store, () => expectDistinctEvents(t, store, other));
      await expectOwnKeySpace(t, store, other);
      await expectOldEvents(store, other);
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
      const repeated = [0, 5, 1, undefined].flatMap((ifRev) =>
        [store, other].map(async (handle) => {
          const again = handle.commit([write('n6', { n: 2 }, ifRev)], { eventId: 'e' });
          const result = await expectResolved(
            again,
            `an event again, with ifRev ${ifRev}, must be answered`,
            cause,
          );
          expectDuplicate(
            result,
            [1],
            'the result of an event again, with an ifRev that is stale by now',
            cause,
          );
        }),
      );
      await Promise.all(repeated);
      await store.commit([write('n6', null, 1)], { eventId: 'removal' });
      const result = await other.commit([write('n6', null, 1)], { eventId: 'removal' });
      expectDuplicate(result, [2], 'the result of a removal again', cause);
      if (store.capabilities.atomic !== 'multi') return;
      const several = ['n6-a', 'n6-b', 'n6-c'].map((id) => write(id, { n: 1 }, 0));
      const create = (handle: Subject) => handle.commit(several, { eventId: 'several' });
      await create(store);
      const again = await expectResolved(
        create(other),
        'a creation of several, again, must be answered',
        cause,
      );
      expectDuplicate(again, [1, 1, 1], 'the result of a creation of several, again', cause);
    },
  },
  {
    id: 'N7',
    title: 'the same eventId with other instances is refused, and changes nothing',
    needs: ['idempotency'],
    async check(t) {
      const [store, other] = await t.pair();
      await expectMisuseRefused(t, store, other);
      await Promise.all([expectOrderAsAsked(t, store, other), expectOneMeaning(t, store, other)]);
    },
  },
];

/** Whatever a duplicate carries, and whoever sends it, nothing of it is written (rule N1). */
async function expectOneEffect(store: Subject, other: Subject): Promise<void> {
  await store.persist(DOC, 'n1', {}, { n: 0 });
  const first = await store.commit([write('n1', { n: 1 })], { eventId: 'e' });
  expectSame(first, { status: 'committed', revs: [2] }, 'the result of the first commit');
  await store.persist(DOC, 'n1', {}, { n: 2 });
  for (const full of [{ n: 1 }, { n: 99 }, null]) {
    const again = [store, other].map((handle) => handle.commit([write('n1', full)], { eventId: 'e' }));
    for (const result of await Promise.all(again))
      expectDuplicate(result, [2], 'the result of the same event again', FORGOTTEN);
    for (const loaded of await Promise.all([other, store].map((handle) => handle.loadVersioned(DOC, 'n1'))))
      expectSame(
        [loaded?.rev, loaded?.state],
        [3, { n: 2 }],
        'loadVersioned after a duplicate',
        'A duplicate is written.',
      );
  }
}

/** Of many commits with one eventId, one is made (rule N3). */
async function expectOneCommitted(handles: readonly Subject[], round: number): Promise<void> {
  const id = `n3-${round}`;
  const eventId = `e${round}`;
  const results = await Promise.all(
    Array.from({ length: 8 }, async (_, n) => {
      await ticks((n * (1 + (round % 3))) % 7);
      return (handles[n % 2] as Subject).commit([write(id, { n })], { eventId });
    }),
  );
  const committed = results.filter(({ status }) => status === 'committed').length;
  expectThat(committed === 1, 'one of eight commits with one eventId must be committed', {
    got: `${committed} were`,
    cause: 'The event id is looked up in one step and recorded in another.',
  });
  for (const { revs } of results) expectSame(revs, [1], 'the revs of each of them');
  expectSame((await handles[1]?.loadVersioned(DOC, id))?.rev, 1, 'the rev after them');
}

/** Whoever is told that an event is known finds its state; who finds its state is told so (rule N3). */
async function expectEventWithState(handles: readonly [Subject, Subject], round: number): Promise<void> {
  const id = `n3-with-${round}`;
  const [store, other] = round % 2 === 0 ? handles : (handles.toReversed() as [Subject, Subject]);
  const commit = (handle: Subject) => handle.commit([write(id, { by: round })], { eventId: id });
  const first = commit(store);
  await ticks(round);
  if (round % 3 === 0) await turn();
  const seen = await other.load(DOC, id);
  const { status } = await commit(other);
  const loaded = await other.load(DOC, id);
  const cause = 'The event is recorded in one transaction, and the state is written in another.';
  expectThat(seen === null || status === 'duplicate', 'an event whose state was there must be known', {
    got: status,
    cause,
  });
  expectSame(loaded, { by: round }, `load after the event was ${status}`, cause);
  const statuses = [(await first).status, status].toSorted();
  expectSame(statuses, ['committed', 'duplicate'], 'what the two commits of one event are', cause);
}

/** After refusals of every kind the event is new, for the same instance and for another (rule N4). */
async function expectNotUsedUp(t: RuleContext, store: Subject, other: Subject, id: string): Promise<void> {
  const cause = 'The event id is recorded before the commit is decided.';
  const isMulti = store.capabilities.atomic === 'multi';
  const kinds: readonly (readonly [what: string, code: StoreErrorCode, writes: readonly Write[]])[] = [
    ['a stale commit', 'STORE_CONFLICT', [write(id, { n: 1 }, 9)]],
    ['a stale removal', 'STORE_CONFLICT', [write(id, null, 9)]],
    ['a stale creation', 'STORE_CONFLICT', [write(id, { n: 1 }, 0)]],
    ['NaN', 'STORE_INVALID_STATE', [write(id, { n: NaN })]],
    ['an empty type', 'STORE_INVALID_KEY', [write(id, {}, undefined, '')]],
    ['an instance twice', 'STORE_INVALID_ARGUMENT', [write('', {}, 1), write('', {}, 1)]],
    ['ifRev −1', 'STORE_INVALID_ARGUMENT', [write(id, {}, -1)]],
  ];
  const several: typeof kinds = [
    ['a commit of two, the second stale', 'STORE_CONFLICT', [write(`${id}-b`, {}), write(id, {}, 9)]],
    ['a commit of two, the first stale', 'STORE_CONFLICT', [write(id, {}, 9), write(`${id}-b`, {})]],
    ['a removal and a stale write', 'STORE_CONFLICT', [write(id, null), write(`${id}-b`, {}, 9)]],
  ];
  await store.persist(DOC, id, {}, { n: 0 });
  const all = isMulti ? [...kinds, ...several] : kinds;
  const refusals = all.map(async ([what, code, writes], i) => {
    const eventId = `${id} ${i}`;
    await t.refused(store.commit(writes, { eventId }), code, `${what}, with an eventId`);
    await t.refused(other.commit(writes, { eventId }), code, `${what}, with an eventId, again`, cause);
    // Another instance: had the refused one been recorded, this would be a misuse.
    const making = (i % 2 === 0 ? store : other).commit([write(`${eventId} made`, { i })], { eventId });
    const made = await expectResolved(making, `an event after ${what} was refused must be made`, cause);
    expectSame(
      made,
      { status: 'committed', revs: [1] },
      `the result of an event after ${what} was refused`,
      cause,
    );
  });
  await Promise.all(refusals);
  for (const handle of [store, other])
    await t.refused(
      handle.commit([write(id, { n: 1 }, 9)], { eventId: id }),
      'STORE_CONFLICT',
      'a stale event',
    );
  const result = await store.commit([write(id, { n: 1 }, 1)], { eventId: id });
  expectSame(
    result,
    { status: 'committed', revs: [2] },
    'the result of the event after its commits were refused',
    cause,
  );
  await t.expectLoad(other, id, { n: 1 }, { what: 'load after the event', cause });
  await t.expectLoad(other, `${id}-b`, null, { what: 'load of what only refused events wrote', cause });
}

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
  expectDuplicate(again, [4, 1, 0, 1], 'the result of the same event of several again');
}
