import { exactText } from '../exact-text';
import { expectSame, expectThat, fail } from '../expect';
import { rejection, type RuleContext } from '../rule-context';
import type { Subject } from '../subject';
import { DOC } from '../suite-schema';
import { turn } from '../turns';
import { ALL_CODES } from './all-codes';
import { write } from './write';

const NOT_A_FAILURE = ['STORE_CONFLICT', 'STORE_CLOSED', 'STORE_UNSUPPORTED'];
const FAILURES = ALL_CODES.filter((code) => !NOT_A_FAILURE.includes(code) && !code.includes('INVALID'));

const LEFT =
  'Either a cache, a rev, an event or the storage itself is changed before the write has succeeded, or what failed is sent again later.';

/** One way to write, each with an instance of its own. */
interface Attempt {
  readonly id: string;
  readonly name: string;
  /** Whether the instance is there at rev 1 before. */
  readonly exists: boolean;
  readonly eventId?: string;
  readonly run: (store: Subject) => Promise<unknown>;
}

/** What an instance is: its text and rev, or `null`. */
type Look = readonly [text: string, rev: number | null];

/** Of a write that fails, nothing is left: in no cache, rev, event, list or hint (rule F4). */
export async function expectNoTraceOfFailures(t: RuleContext): Promise<void> {
  if (t.capabilities === undefined) return;
  for (const [nth, how] of [
    [1, 'forever'],
    [1, 'once'],
    [3, 'once'],
    [6, 'once'],
  ] as const) {
    await failSideBySide(t, nth, how);
  }
}

async function failSideBySide(t: RuleContext, nth: number, how: 'once' | 'forever'): Promise<void> {
  const type = `F4-${how}-${nth}`;
  const before = await t.open();
  const attempts = attemptsOf(before, type);
  const there = attempts.filter(({ exists }) => exists);
  await Promise.all(there.map(({ id }) => before.persist(type, id, {}, { id })));
  await t.close(before);
  const end = await t.fault('failWrite', nth, how);
  const store = await t.open();
  // Whoever caches has them in the cache now.
  await Promise.allSettled(attempts.map(({ id }) => store.loadVersioned(type, id)));
  const hinted = new Set<string>();
  const watching = t.capabilities?.watch !== 'none';
  if (watching) await rejection(store.watch((hint) => hint.type === type && hinted.add(hint.id)));
  const errors = await Promise.all(attempts.map(({ run }) => rejection(run(store))));
  const refused = attempts.filter((each, i) => failed(t, each, errors[i]));
  await expectEarlier(store, type, refused, 'while writes fail');
  await end();
  for (const handle of [store, await t.open()]) {
    await expectEarlier(handle, type, refused, 'when the fault is over', true);
  }
  for (let i = 0; i < 3; i++) await turn();
  const told = refused.filter(({ id }) => hinted.has(id)).map(({ name }) => name);
  expectThat(told.length === 0, 'there must be no hint for a write that failed', {
    got: `hints for: ${told.join(', ')}`,
    cause: 'Listeners are told before the write has succeeded.',
  });
  await Promise.all(refused.map((each) => again(store, type, each)));
  await t.closeAll();
}

/** Whether a write has failed for certain. Its error must say so. */
function failed(t: RuleContext, { name }: Attempt, error: { value: unknown } | undefined): boolean {
  if (error === undefined) return false;
  t.checkCode(error.value, FAILURES, `${name} where writes fail`);
  return !t.isCode(error.value, 'STORE_UNCERTAIN');
}

/** Every kind of read shows the instances as they were. */
async function expectEarlier(
  store: Subject,
  type: string,
  refused: readonly Attempt[],
  when: string,
  mustAnswer = false,
): Promise<void> {
  const mayReject = async <T>(call: Promise<T>, check: (answer: T) => void): Promise<void> => {
    const error = await rejection(call);
    if (error === undefined) check(await call);
    else if (mustAnswer) throw error.value;
  };
  const differs = (what: string, got: unknown, want: unknown): void => {
    if (exactText(got) !== exactText(want)) {
      fail(`${what}, ${when}`, { got: exactText(got), want: exactText(want), cause: LEFT });
    }
  };
  const reads = refused.flatMap(({ id, name, exists, eventId }) => {
    const state = exists ? { id } : null;
    const checks = [
      mayReject(store.load(type, id), (got) => differs(`load after ${name} that failed`, got, state)),
      mayReject(store.loadVersioned(type, id), (got) => {
        const look: Look = [exactText(got?.state ?? null), got?.rev ?? null];
        differs(`loadVersioned after ${name} that failed`, look, [exactText(state), exists ? 1 : null]);
      }),
    ];
    if (eventId === undefined || typeof store.raw.findEvent !== 'function') return checks;
    const found = store.raw.findEvent(eventId);
    return [...checks, mayReject(found, (got) => differs(`findEvent after ${name} that failed`, got, null))];
  });
  if (typeof store.raw.list === 'function') {
    reads.push(
      mayReject(store.list(type), (ids) => {
        const listed = refused.filter(({ id }) => ids.includes(id)).map(({ id }) => id);
        const want = refused.filter(({ exists }) => exists).map(({ id }) => id);
        differs('the ids in list after writes that failed', listed, want);
      }),
    );
  }
  await Promise.all(reads);
}

/** The same write once more takes the next rev, and counts as the first of its event. */
async function again(store: Subject, type: string, each: Attempt): Promise<void> {
  const { id, name, exists, eventId } = each;
  const ifRev = exists ? 1 : 0;
  const options = eventId === undefined ? undefined : { eventId };
  const result = await store.commit([write(id, { id, again: true }, ifRev, type)], options);
  const want = { status: 'committed', revs: [ifRev + 1] };
  if (exactText(result) !== exactText(want)) {
    fail(`a commit with ifRev ${ifRev} after ${name} that failed`, {
      got: exactText(result),
      want: exactText(want),
      cause: LEFT,
    });
  }
}

function attemptsOf(store: Subject, type: string): readonly Attempt[] {
  const { capabilities, remove } = store.raw;
  const full = { new: true };
  const one = (id: string, ifRev?: number, gone = false) => write(id, gone ? null : full, ifRev, type);
  const eventId = `event-${type}`;
  const attempts: Attempt[] = [
    { id: 'a', name: 'persist', exists: true, run: (s) => s.persist(type, 'a', full, full) },
    { id: 'b', name: 'a first persist', exists: false, run: (s) => s.persist(type, 'b', full, full) },
    { id: 'c', name: 'commit with an ifRev', exists: true, run: (s) => s.commit([one('c', 1)]) },
    { id: 'd', name: 'commit with ifRev 0', exists: false, run: (s) => s.commit([one('d', 0)]) },
    {
      ...{ id: 'e', name: 'commit of a removal', exists: true },
      run: (s) => s.commit([one('e', undefined, true)]),
    },
  ];
  if (remove !== undefined) {
    const run = async (s: Subject): Promise<void> => {
      const cause = 'A removal that fails is told as nothing to remove.';
      expectSame(await s.remove(type, 'f'), true, 'remove of what is there, where writes may fail', cause);
    };
    attempts.push({ id: 'f', name: 'remove', exists: true, run });
  }
  if (capabilities?.idempotency) {
    const run = (s: Subject) => s.commit([one('g')], { eventId });
    attempts.push({ id: 'g', name: 'commit with an eventId', exists: true, eventId, run });
  }
  if (capabilities?.atomic === 'multi') {
    let both: Promise<unknown> | undefined;
    const run = (s: Subject) => (both ??= s.commit([one('h'), one('i', 0), one('j', 1, true)]));
    const name = 'commit of three';
    attempts.push({ id: 'h', name, exists: true, run }, { id: 'i', name, exists: false, run });
    attempts.push({ id: 'j', name, exists: true, run });
  }
  return attempts;
}

/** A handle that has read before gives no old answer where it cannot read (rule F5). */
export async function expectNothingStale(t: RuleContext): Promise<void> {
  const type = DOC;
  const warm = await t.open();
  await warm.persist(type, 'stale', {}, { n: 1 });
  await warm.load(type, 'stale');
  const isVersioned = t.capabilities !== undefined;
  if (isVersioned) await warm.loadVersioned(type, 'stale');
  const end = await t.fault('failRead');
  const other = await t.open();
  const error = await rejection(other.persist(type, 'stale', {}, { n: 2 }));
  const want = exactText({ n: 2 });
  const reads: [string, () => Promise<unknown>][] = [['load', () => warm.load(type, 'stale')]];
  if (isVersioned)
    reads.push(['loadVersioned', async () => (await warm.loadVersioned(type, 'stale'))?.state]);
  for (const [name, read] of error === undefined ? reads : []) {
    const reading = read();
    if ((await rejection(reading)) !== undefined) continue;
    const got = exactText(await reading);
    expectThat(got === want, `${name}, while reads fail, of what another handle has written since`, {
      ...{ got, want: `${want}, or a rejection` },
      cause: 'Where a read fails, what was read before is given.',
    });
  }
  await end();
}
