import type { Write } from '../../store';
import { expectSame, expectThat } from '../expect';
import type { RuleContext } from '../rule-context';
import type { Subject } from '../subject';
import { DOC, ITEM, LIST } from '../suite-schema';
import { inBatches } from './in-batches';
import { write } from './write';

const TYPES = [DOC, LIST, ITEM, 'M2Other'];
const MOVED =
  'The writes are sorted, grouped or made one by one, and the conflict tells their place in there.';
const SIZE = 12;

/** An instance of a commit, with the rev that it has: 0 when it is absent. */
interface Place {
  readonly type: string;
  readonly id: string;
  readonly rev: number;
}

/**
 * Whatever the order, types and revs of the writes: a conflict names one that is stale, and tells its
 * place, its `ifRev` and the rev that it has; nothing of the others is made (rule M2).
 */
export async function expectConflictPlaces(t: RuleContext, store: Subject, other: Subject): Promise<void> {
  const commits = Array.from({ length: SIZE + 8 }, (_, n) => ({
    places: t.random.shuffle(placesOf(n)),
    stale: n < SIZE ? [n] : t.random.shuffle(Array.from({ length: SIZE }, (_, i) => i)).slice(0, 2 + (n % 4)),
  }));
  const all = commits.flatMap(({ places }) => places);
  for (let rev = 1; rev <= 3; rev++)
    await inBatches(
      all.filter((each) => each.rev >= rev),
      ({ type, id }) => store.persist(type, id, {}, { rev }),
    );
  for (const round of [0, 1, 2]) {
    const errors = await Promise.all(
      commits.map(async ({ places, stale }, n) => {
        const writes = places.map((place, i) => writeOf(t, place, stale.includes(i), round));
        const handle = (n + round) % 2 === 0 ? other : store;
        const what = `a commit of ${SIZE} whose writes ${stale.join()} are stale`;
        const cause = 'Only some of the writes are compared.';
        const error = await t.refused(handle.commit(writes), 'STORE_CONFLICT', what, cause);
        return () => expectOneOf(error, writes, places, stale, what);
      }),
    );
    // What was made tells more than what the error told.
    await expectUnchanged(all, store, other);
    for (const expectPlace of errors) expectPlace();
  }
  await Promise.all(
    commits.map(async ({ places }) => {
      const { revs } = await store.commit(places.map(({ type, id, rev }) => write(id, {}, rev, type)));
      const what = 'the revs of a commit after refused ones';
      expectSame(
        revs,
        places.map(({ rev }) => rev + 1),
        what,
        'A refused commit takes revs.',
      );
    }),
  );
}

async function expectUnchanged(places: readonly Place[], store: Subject, other: Subject): Promise<void> {
  await inBatches(places, async ({ type, id, rev }, n) => {
    const loaded = await (n % 2 === 0 ? store : other).loadVersioned(type, id);
    expectSame(
      loaded?.rev ?? 0,
      rev,
      'the rev after refused commits',
      'The writes before a stale one are made.',
    );
    if (loaded !== null) expectSame(loaded.state, { rev }, 'the state after refused commits');
  });
}

function placesOf(n: number): Place[] {
  return Array.from({ length: SIZE }, (_, i) => ({
    type: TYPES[i % TYPES.length] ?? DOC,
    id: `m2-${n}-${i}`,
    rev: (i * 7 + n) % 4,
  }));
}

/** A write with an `ifRev` that is right, absent or, when it is to be stale, wrong in one way or another. */
function writeOf(t: RuleContext, { type, id, rev }: Place, isStale: boolean, round: number): Write {
  const wrong = [rev + 1, 7, rev + 2 ** 32, rev * 10 + 13, 2 ** 53 - 1, ...(rev === 0 ? [] : [0, rev + 10])];
  const full = t.random.below(3) === 0 ? null : { round };
  if (isStale) return write(id, full, t.random.pick(wrong), type);
  return write(id, full, t.random.below(2) === 0 ? rev : undefined, type);
}

function expectOneOf(
  error: unknown,
  writes: readonly Write[],
  places: readonly Place[],
  stale: readonly number[],
  what: string,
): void {
  const { type, id, index, expected, actual } = error as Record<string, unknown>;
  expectThat(stale.includes(index as number), `\`index\` in the error of ${what}`, {
    got: String(index),
    want: stale.join(' or '),
    cause: MOVED,
  });
  const [write_, place] = [writes[index as number], places[index as number]];
  expectSame(
    { type, id, expected, actual },
    { type: place?.type, id: place?.id, expected: write_?.ifRev, actual: place?.rev },
    `what the error of ${what} tells of write ${String(index)}`,
    MOVED,
  );
}

/** `ifRev` at instances of several revs, with what is alike in digits, bits or type (rule R3). */
export async function expectExactRevs(t: RuleContext, store: Subject, other: Subject): Promise<void> {
  const cause =
    'ifRev is not compared, or only where there is something; or as text, in too few bits, or for "at least".';
  const cases = [0, 1, 3, 12].flatMap((rev) =>
    wrongRevs(rev).map((ifRev) => ({ rev, ifRev, id: `r3-${rev}-${ifRev}` })),
  );
  for (let rev = 1; rev <= 12; rev++)
    await inBatches(
      cases.filter((each) => each.rev >= rev),
      ({ id }) => store.persist(DOC, id, {}, { rev }),
    );
  // Twelve commits later, what was created and removed has rev 0 again.
  const gone = wrongRevs(0).map((ifRev) => ({ rev: 0, ifRev, id: `r3-gone-${ifRev}` }));
  for (const full of [{}, null]) await inBatches(gone, ({ id }) => store.commit([write(id, full)]));
  for (const full of [{ text: 'stale' }, null])
    await inBatches([...cases, ...gone], async ({ rev, ifRev, id }, n) => {
      const what = `${full === null ? 'a removal' : 'a commit'} with ifRev ${ifRev} at rev ${rev}`;
      const stale = (n % 2 === 0 ? store : other).commit([write(id, full, ifRev)]);
      const error = await t.refused(stale, 'STORE_CONFLICT', what, cause);
      const { expected, actual, type, id: of, index } = error as Record<string, unknown>;
      const want = { expected: ifRev, actual: rev, type: DOC, id, index: 0 };
      expectSame({ expected, actual, type, id: of, index }, want, `the error of ${what}`);
    });
  await inBatches([...cases, ...gone], async ({ rev, id }) => {
    const loaded = await other.loadVersioned(DOC, id);
    expectSame(
      [loaded?.rev ?? 0, loaded?.state ?? null],
      [rev, rev === 0 ? null : { rev }],
      'loadVersioned after conflicts',
    );
  });
}

function wrongRevs(rev: number): number[] {
  const bits = [4, 7, 8, 10, 12, 15, 16, 20, 23, 24, 31, 32, 33, 40, 48, 52].map((each) => rev + 2 ** each);
  const digits = [1, 2, 3, 6, 9, 12, 15].flatMap((each) => [rev + 10 ** each, rev * 10 ** each]);
  const near = [0, 1, 2, 3, 4, 5, 9, 11, 12, 13, 20, 21, 30, 31, 33, 112, 120, 121, 122, 2 ** 53 - 1];
  return [...new Set([...bits, ...digits, ...near])].filter(
    (each) => each !== rev && Number.isSafeInteger(each),
  );
}
