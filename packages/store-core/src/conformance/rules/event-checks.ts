import { expectSame, expectThat } from '../expect';
import { preview } from '../preview';
import { rejection, type Fault, type RuleContext } from '../rule-context';
import type { Subject } from '../subject';
import { DOC } from '../suite-schema';
import { ALL_CODES } from './all-codes';
import { write } from './write';

/** Event ids of one letter more than many columns, keys and indexes hold: the ends differ. */
const LENGTHS = [512, 1_024, 65_536];

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
  for (const handle of [store, other])
    for (const each of [id, ...others.map((also) => also.id)])
      await t.expectLoad(handle, each, state, { what: `load after ${what}, sent again`, cause });
  for (const handle of [store, other]) await t.close(handle);
}

/** Events that write nothing are events, and what is answered belongs to the caller (rule N1). */
export async function expectEmptyEvents(store: Subject, other: Subject): Promise<void> {
  const cause = 'An event is recorded with the revs that it takes only: one that takes none is forgotten.';
  await store.commit([write('n1-gone', null)], { eventId: 'nothing' });
  await store.persist(DOC, 'n1-gone', {}, { n: 1 });
  for (const handle of [other, store]) {
    expectSame(
      await handle.commit([write('n1-gone', null)], { eventId: 'nothing' }),
      { status: 'duplicate', revs: [0] },
      'the result of an event that removed nothing, again',
      cause,
    );
    expectSame(await handle.load(DOC, 'n1-gone'), { n: 1 }, 'load after the duplicate', cause);
  }
  const empty = await store.commit([], { eventId: 'empty' });
  expectSame(empty, { status: 'committed', revs: [] }, 'the result of an empty commit with an eventId');
  const again = await other.commit([], { eventId: 'empty' });
  expectSame(again, { status: 'duplicate', revs: [] }, 'the result of the same empty event again', cause);
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
  const pairs: [string, string, mayRefuse: boolean][] = [
    ['a\0b', 'a\0c', true],
    ['pair', 'pair\0', true],
    ['a\ud800', 'a\ud801', true],
    ['a\udc00', 'a\ufffd', true],
    ['pair é', 'pair É', false],
    ['pair ß', 'pair ẞ', false],
    ['pair 🍣', 'pair 🍺', false],
    ...LENGTHS.map((n): [string, string, boolean] => {
      const long = `n5-${n}-`.padEnd(n - 1, 'x');
      return [`${long}ya`, `${long}yb`, n > 1_024];
    }),
  ];
  for (const [i, [one, two, mayRefuse]] of pairs.entries()) {
    const id = `n5-pair-${i}`;
    for (const [n, eventId] of [one, two].entries()) {
      const what = `the result of event ${preview(eventId, 30)} (${eventId.length} characters)`;
      const commit = (handle: Subject) => handle.commit([write(id, { n })], { eventId });
      const error = await rejection(commit(store));
      if (error !== undefined) {
        if (!mayRefuse) throw error.value;
        t.checkCode(error.value, ['STORE_INVALID_ARGUMENT'], 'refusing an eventId');
        break;
      }
      const rev = n + 1;
      expectSame((await store.loadVersioned(DOC, id))?.rev, rev, `the rev after ${what}`, FOLDED);
      expectSame(await commit(other), { status: 'duplicate', revs: [rev] }, `${what} again`, FOLDED);
    }
  }
}

const FOLDED = 'Event ids are folded, cut at a length or at NUL, or pass through UTF-8.';

/** Old events are known as long as new ones (rule N5). */
export async function expectOldEvents(store: Subject): Promise<void> {
  for (let from = 0; from < 1_000; from += 50) {
    const events = Array.from({ length: 50 }, (_, i) => from + i);
    await Promise.all(events.map((n) => store.commit([write(`n5-old-${n}`, {})], { eventId: `old-${n}` })));
  }
  for (const n of [0, 1, 500, 999]) {
    expectSame(
      await store.commit([write(`n5-old-${n}`, {})], { eventId: `old-${n}` }),
      { status: 'duplicate', revs: [1] },
      `the result of event ${n + 1} of 1,000 again`,
      'Only the newest events are remembered.',
    );
  }
}
