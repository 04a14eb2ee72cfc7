import type { Hint } from '../../store';
import { describeError } from '../describe-error';
import { expectSame, expectThat, fail } from '../expect';
import { preview } from '../preview';
import { rejection, type Fault, type RuleContext } from '../rule-context';
import type { Subject } from '../subject';
import { DOC } from '../suite-schema';
import { ALL_CODES } from './all-codes';
import { EVENT_IDS, mayRefuseEvent, shownEvent } from './event-ids';
import { inBatches } from './in-batches';
import { expectDuplicate } from './expect-duplicate';
import { write } from './write';

/** A commit that the storage refused has not happened: the same event again makes it (rule N4). */
export async function expectEventSurvivesFaults(t: RuleContext): Promise<void> {
  const { full, failWrite } = t.target.faults ?? {};
  if (full !== undefined) {
    const what = 'a commit with an eventId without room';
    await sendAgain(t, 'n4-full', what, ['full']);
  }
  if (failWrite === undefined) return;
  for (let nth = 1; nth <= 6; nth++) {
    await sendAgain(t, `n4-${nth}`, `a commit with an eventId whose write ${nth} fails`, [
      'failWrite',
      nth,
      'forever',
    ]);
  }
}

async function sendAgain(t: RuleContext, id: string, what: string, fault: Fault): Promise<void> {
  const isFull = fault[0] === 'full';
  const state = { big: Array.from({ length: isFull ? 150 : 1 }, () => 'x'.repeat(10_000)) };
  const others = t.capabilities?.atomic === 'multi' ? [write(`${id}-b`, state)] : [];
  const commit = (store: Subject) => store.commit([write(id, state), ...others], { eventId: id });
  const end = await t.fault(...fault);
  const under = await t.open();
  const error = await rejection(commit(under));
  if (error !== undefined) t.checkCode(error.value, ALL_CODES, what);
  // A handle must work again when a write has failed (F6); one that had no room may have to be opened anew.
  if (isFull) await t.close(under);
  await end();
  const store = isFull ? await t.open() : under;
  const mayBeThere = error === undefined || t.isCode(error.value, 'STORE_UNCERTAIN');
  const cause = 'The event id is recorded though the write failed: sent again, the write is lost.';
  const { status } = await commit(store);
  expectThat(mayBeThere || status === 'committed', `after ${what}, the same event must be committed`, {
    got: status,
    want: 'committed',
    cause,
  });
  const other = await t.open();
  const ids = [id, ...others.map((also) => also.id)];
  const expectation = { what: `load after ${what}, sent again`, cause };
  await Promise.all(
    [store, other].flatMap((handle) => ids.map((each) => t.expectLoad(handle, each, state, expectation))),
  );
  for (const handle of [store, other]) await t.close(handle);
}

/** Events that write nothing are events, and what is answered belongs to the caller (rule N1). */
export async function expectEmptyEvents(store: Subject, other: Subject): Promise<void> {
  const cause = 'An event is recorded with the revs that it takes only: one that takes none is forgotten.';
  await store.commit([write('n1-gone', null)], { eventId: 'nothing' });
  await store.persist(DOC, 'n1-gone', {}, { n: 1 });
  for (const handle of [other, store]) {
    expectDuplicate(
      await handle.commit([write('n1-gone', null)], { eventId: 'nothing' }),
      [0],
      'the result of an event that removed nothing, again',
      cause,
    );
    expectSame(await handle.load(DOC, 'n1-gone'), { n: 1 }, 'load after the duplicate', cause);
  }
  const empty = await store.commit([], { eventId: 'empty' });
  expectSame(empty, { status: 'committed', revs: [] }, 'the result of an empty commit with an eventId');
  const again = await other.commit([], { eventId: 'empty' });
  expectDuplicate(again, [], 'the result of the same empty event again', cause);
}

/** What is done to the answer of a duplicate must not be seen in the next one (rule N1). */
export async function expectOwnRevs(store: Subject): Promise<void> {
  const commit = () => store.commit([write('n1-revs', {})], { eventId: 'own revs' });
  for (let n = 0; n < 3; n++) {
    const { revs } = await commit();
    expectSame(revs, [1], 'the revs of an event', 'The recorded array itself is given away.');
    if (!Object.isFrozen(revs)) (revs as number[]).push(99);
  }
}

/** Ids that storage may take for one another are two events, or are refused (rule N5). */
export async function expectDistinctEvents(t: RuleContext, store: Subject, other: Subject): Promise<void> {
  const results = await inBatches(EVENT_IDS, async (eventId, i) => {
    const committing = (i % 2 === 0 ? store : other).commit([write(`n5-${i}`, { i })], { eventId });
    const error = await rejection(committing);
    const what = `the result of event ${shownEvent(eventId)}`;
    if (error === undefined) {
      expectSame(await committing, { status: 'committed', revs: [1] }, what, FOLDED);
      return true;
    }
    if (mayRefuseEvent(eventId)) t.checkCode(error.value, ['STORE_INVALID_ARGUMENT'], 'refusing an eventId');
    else
      fail(what, { got: `it rejected with ${describeError(error.value)}`, want: 'committed', cause: FOLDED });
    return false;
  });
  await inBatches(EVENT_IDS, async (eventId, i) => {
    if (results[i] !== true) return;
    const again = await (i % 2 === 0 ? other : store).commit([write(`n5-${i}`, {})], { eventId });
    const what = `the result of event ${shownEvent(eventId)} again`;
    expectDuplicate(again, [1], what, 'The event is not recorded, or is forgotten after a number of others.');
  });
  await inBatches(PAIRS, (pair, i) => expectTwoEvents(t, store, other, pair, `n5-pair-${i}`), 100);
}

/** Ids of which at least one may be refused, and two that are alike only where both are there. */
const PAIRS: readonly (readonly [string, string])[] = [
  ['a\0b', 'a\0c'],
  ['pair', 'pair\0'],
  ['a\ud800', 'a\ud801'],
  ['a\udc00', 'a\ufffd'],
  ['pair é', 'pair É'],
  ['pair ß', 'pair ẞ'],
  ['pair 🍣', 'pair 🍺'],
  ...[512, 768, 1_024, 1_500, 2_048, 3_072, 4_096, 8_192, 16_384, 32_768, 65_536].map(
    (n): [string, string] => {
      const long = `n5-${n}-`.padEnd(n - 1, 'x');
      return [`${long}ya`, `${long}yb`];
    },
  ),
];

/** Two events of one instance, one after the other. */
async function expectTwoEvents(
  t: RuleContext,
  store: Subject,
  other: Subject,
  pair: readonly string[],
  id: string,
): Promise<void> {
  for (const [n, eventId] of pair.entries()) {
    const what = `the result of event ${shownEvent(eventId)}`;
    const commit = (handle: Subject) => handle.commit([write(id, { n })], { eventId });
    const error = await rejection(commit(store));
    if (error !== undefined) {
      if (!mayRefuseEvent(eventId)) throw error.value;
      return t.checkCode(error.value, ['STORE_INVALID_ARGUMENT'], 'refusing an eventId');
    }
    const rev = n + 1;
    expectSame((await store.loadVersioned(DOC, id))?.rev, rev, `the rev after ${what}`, FOLDED);
    expectDuplicate(await commit(other), [rev], `${what} again`, FOLDED);
  }
}

const FOLDED = 'Event ids are folded, trimmed, converted, cut, or kept as a short hash or through UTF-8.';

/** What a duplicate makes known of an instance is true (rule N1). */
export async function expectNoFalseHints(t: RuleContext, store: Subject, other: Subject): Promise<void> {
  if (store.capabilities.watch === 'none') return;
  const hints: Hint[] = [];
  const endings = await Promise.all(
    [store, other].map((handle) => handle.watch((hint) => void hints.push(hint))),
  );
  const commit = (handle: Subject, full: object | null, eventId: string, id = 'n1-hints') =>
    handle.commit([write(id, full)], { eventId });
  for (const [eventId, full] of [
    ['hint 1', {}],
    ['hint 2', null],
    ['hint 3', {}],
  ] as const)
    await commit(store, full, eventId);
  await commit(store, null, 'hint nothing', 'n1-hints-absent');
  for (const full of [null, {}] as const)
    await Promise.all([
      ...['hint 1', 'hint 2', 'hint 3'].flatMap((eventId) =>
        [store, other].map((each) => commit(each, full, eventId)),
      ),
      commit(other, full, 'hint nothing', 'n1-hints-absent'),
    ]);
  await store.persist(DOC, 'n1-hints-last', {}, {});
  await t.eventually('a hint must follow a commit after duplicates', () =>
    hints.some(({ id }) => id === 'n1-hints-last'),
  );
  const isTrue = ({ id, rev, removed }: Hint): boolean =>
    id === 'n1-hints' ? rev >= 1 && rev <= 3 && removed === (rev === 2) : id !== 'n1-hints-absent';
  const untrue = hints.find((hint) => !isTrue(hint));
  const what = 'hints that a duplicate causes must tell revs that were taken';
  expectThat(untrue === undefined, what, { got: preview(untrue), cause: 'A duplicate is told as a commit.' });
  await Promise.all(endings.map((end) => end()));
}

/** An event of many instances is known with all their revs (rule N1). */
export async function expectLargeEvent(store: Subject, other: Subject): Promise<void> {
  if (store.capabilities.atomic !== 'multi') return;
  const ids = Array.from({ length: 1_200 }, (_, n) => `n1-large-${n}`);
  const second = ids.filter((_, n) => n % 3 === 0);
  await store.commit(second.map((id) => write(id, {})));
  const writes = ids.map((id, n) => write(id, n % 5 === 1 ? null : { n }));
  const revs = ids.map((_, n) => (n % 3 === 0 ? 2 : n % 5 === 1 ? 0 : 1));
  const commit = (handle: Subject) => handle.commit(writes, { eventId: 'large' });
  expectSame(await commit(store), { status: 'committed', revs }, 'the result of an event of 1,200 instances');
  await store.commit(second.map((id) => write(id, { later: true })));
  expectDuplicate(await commit(other), revs, 'the result of an event of 1,200 instances again');
}
