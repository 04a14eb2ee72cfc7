import type { CommitResult, Write } from '../../store';
import { expectSame, expectThat } from '../expect';
import { rejection, type RuleContext } from '../rule-context';
import type { Subject } from '../subject';
import { DOC, LIST } from '../suite-schema';
import { ticks } from '../turns';
import { expectDuplicate } from './expect-duplicate';
import { write } from './write';

const SWALLOWED = 'A duplicate is told by its eventId only, and another event is swallowed.';
const AFTERMATH = 'A misuse leaves a lock or an open transaction, or replaces what is recorded of the event.';

/** An event, and a commit of other instances that has its id. */
interface Misuse {
  readonly what: string;
  readonly event: readonly Write[];
  readonly misuse: readonly Write[];
}

const single = (n: number): Write[] => [write(`n7-${n}`, { n: 1 })];
const both = (n: number): Write[] => [write(`n7-${n}`, { n: 1 }), write(`n7-${n}b`, { n: 1 })];
const crowd = (n: number, last: string): Write[] =>
  [...Array.from({ length: 300 }, (_, i) => `n7-${n}-${i}`), last].map((id) => write(id, { n: 1 }));
const ofList = (id: string): Write => write(id, { n: 2 }, undefined, LIST);

const OF_ONE: readonly Misuse[] = [
  { what: 'another instance', event: single(0), misuse: [write('n7-other-0', { n: 2 })] },
  { what: 'another type', event: single(1), misuse: [ofList('n7-1')] },
  { what: 'nothing', event: single(2), misuse: [] },
  { what: 'an instance, where it had none', event: [], misuse: [write('n7-3', { n: 2 })] },
  { what: 'the removal of another', event: single(4), misuse: [write('n7-other-4', null)] },
  { what: 'a name that is longer', event: single(5), misuse: [write('n7-5 ', { n: 2 })] },
  { what: 'a name in capitals', event: single(6), misuse: [write('N7-6', { n: 2 })] },
  { what: 'another, to be created', event: single(7), misuse: [write('n7-other-7', { n: 2 }, 0)] },
];

const OF_SEVERAL: readonly Misuse[] = [
  { what: 'one more', event: single(8), misuse: both(8) },
  { what: 'one more, before it', event: single(9), misuse: both(9).toReversed() },
  { what: 'the first only', event: both(10), misuse: [write('n7-10', { n: 2 })] },
  { what: 'the second only', event: both(11), misuse: [write('n7-11b', { n: 2 })] },
  { what: 'one replaced', event: both(12), misuse: [write('n7-12', {}), write('n7-12c', {})] },
  { what: 'the last of 301 replaced', event: crowd(13, 'n7-13-y'), misuse: crowd(13, 'n7-13-z') },
  {
    what: 'types exchanged',
    event: [...single(14), ofList('n7-14b')],
    misuse: [ofList('n7-14'), write('n7-14b', {})],
  },
  {
    what: 'names that are the same when joined',
    event: [write(`n7-15,${DOC}:n7-16`, { n: 1 })],
    misuse: [write('n7-15', {}), write('n7-16', {})],
  },
];

/** A misuse is refused; before and after it, everything else is as if it had not been (rule N7). */
export async function expectMisuseRefused(t: RuleContext, store: Subject, other: Subject): Promise<void> {
  const misuses = store.capabilities.atomic === 'multi' ? [...OF_ONE, ...OF_SEVERAL] : OF_ONE;
  await Promise.all(
    misuses.map(async ({ what: described, event, misuse }, i) => {
      const revs = event.map(() => 1);
      const eventId = `misused-${i}`;
      const names = new Set(event.map(({ type, id }) => JSON.stringify([type, id])));
      const [first, second] = i % 2 === 0 ? [store, other] : [other, store];
      expectSame(
        await first.commit(event, { eventId }),
        { status: 'committed', revs },
        'the result of an event',
      );
      const misusing = async (handle: Subject, cause: string): Promise<void> => {
        const what = `an eventId that was used with other instances (${described})`;
        await t.refused(handle.commit(misuse, { eventId }), 'STORE_INVALID_ARGUMENT', what, cause);
        const again = [first, second].map((each) => each.commit(event, { eventId }));
        for (const result of await Promise.all(again))
          expectDuplicate(result, revs, `the result of the event after a misuse (${described})`, AFTERMATH);
      };
      await misusing(second, SWALLOWED);
      await misusing(first, AFTERMATH);
      const strangers = misuse.filter(({ type, id }) => !names.has(JSON.stringify([type, id])));
      await Promise.all(
        [
          ...strangers.map((each) => [each, null] as const),
          ...event.slice(0, 2).map((each) => [each, each.full] as const),
        ].map(([{ type, id }, want]) =>
          t.expectLoad(second, id, want, { type, what: `load after a misuse (${described})` }),
        ),
      );
      await expectUsable([first, second], event[0], strangers, `misused-${i}-next`);
    }),
  );
}

/** What the event wrote, and what a misuse named, can be written by others: nothing is locked. */
async function expectUsable(
  handles: readonly Subject[],
  written: Write | undefined,
  writes: readonly Write[],
  eventId: string,
): Promise<void> {
  if (written !== undefined) {
    const { type, id } = written;
    for (const [n, handle] of handles.entries())
      expectSame(
        (await handle.commit([write(id, { n }, n + 1, type)])).revs,
        [n + 2],
        'the revs of a commit after a misuse',
        AFTERMATH,
      );
  }
  for (const [n, { type, id }] of writes.slice(-2).entries()) {
    const handle = handles[n % 2] as Subject;
    const commit = () =>
      handle.commit([write(id, { n: 3 }, undefined, type)], { eventId: `${eventId}-${n}` });
    expectSame(await commit(), { status: 'committed', revs: [1] }, 'the result of the next event', AFTERMATH);
  }
}

/** The same event in another order is refused, or answered in the order that is asked (rule N7). */
export async function expectOrderAsAsked(t: RuleContext, store: Subject, other: Subject): Promise<void> {
  if (store.capabilities.atomic !== 'multi') return;
  await store.persist(DOC, 'n7-order-a', {}, {});
  const writes = ['n7-order-a', 'n7-order-b', 'n7-order-c'].map((id) =>
    write(id, id === 'n7-order-c' ? null : {}),
  );
  const options = { eventId: 'order' };
  expectSame((await store.commit(writes, options)).revs, [2, 1, 0], 'the revs of an event of several');
  const asked = [
    [2, 1, 0],
    [1, 0, 2],
    [1, 2, 0],
  ].map(async (order, i) => {
    const committing = (i === 0 ? store : other).commit(
      order.map((at) => writes[at] as Write),
      options,
    );
    const error = await rejection(committing);
    if (error !== undefined)
      return t.checkCode(error.value, ['STORE_INVALID_ARGUMENT'], 'an event in another order');
    const revs = order.map((at) => [2, 1, 0][at] ?? 0);
    const what = 'the result of the same event in another order';
    expectDuplicate(await committing, revs, what, 'The revs come in the order of the first commit.');
  });
  await Promise.all(asked);
  expectDuplicate(await other.commit(writes, options), [2, 1, 0], 'the result of the event', AFTERMATH);
}

/** Commits of different instances race with one eventId: one is made, the others are refused (rule N7). */
export async function expectOneMeaning(t: RuleContext, store: Subject, other: Subject): Promise<void> {
  const race = async (round: number): Promise<void> => {
    const ids = [0, 1, 2, 3].map((n) => `n7-race-${round}-${n}`);
    const commits = ids.map(async (id, n): Promise<CommitResult | undefined> => {
      await ticks((n * round) % 5);
      const committing = (n % 2 === 0 ? store : other).commit([write(id, { n })], {
        eventId: `race-${round}`,
      });
      const error = await rejection(committing);
      if (error === undefined) return committing;
      t.checkCode(error.value, ['STORE_INVALID_ARGUMENT'], 'an eventId in use for another instance');
      return undefined;
    });
    const results = await Promise.all(commits);
    const states = await Promise.all(ids.map((id) => other.load(DOC, id)));
    const cause = 'The event id is looked up in one step and recorded in another.';
    const made = states.filter((state) => state !== null).length;
    const got = `${results.filter((result) => result?.status === 'committed').length} were committed, ${made} are there`;
    expectThat(
      got === '1 were committed, 1 are there',
      'of four instances with one eventId, one must be written',
      {
        got,
        cause,
      },
    );
  };
  await Promise.all(Array.from({ length: 8 }, (_, round) => race(round)));
}
