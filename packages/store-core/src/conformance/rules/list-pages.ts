import { compareCodePoints } from '../../compare-code-points';
import { expectSame } from '../expect';
import { preview } from '../preview';
import type { RuleContext } from '../rule-context';
import type { Subject } from '../subject';
import { DOC } from '../suite-schema';
import { inBatches } from './in-batches';
import { persistIfHeld } from './persist-if-held';
import { write } from './write';

const SHORT = 'A page is cut by bytes, by what one query reads, or by a cap on the whole.';
const COMMIT = 500;

/** A page has as many ids as there are, up to its limit, however many and long they are (rule E4). */
export async function expectFullPages(t: RuleContext, store: Subject, other: Subject): Promise<void> {
  const type = 'E4Full';
  const isMulti = t.capabilities?.atomic === 'multi';
  const ids = Array.from({ length: isMulti ? 10_012 : 1_206 }, (_, n) => `${'x'.repeat(110)}${10_000 + n}`);
  if (isMulti) {
    const commits = Array.from({ length: Math.ceil(ids.length / COMMIT) }, (_, n) =>
      ids.slice(n * COMMIT, (n + 1) * COMMIT).map((id) => write(id, {}, undefined, type)),
    );
    await inBatches(commits, (writes) => store.commit(writes), 4);
  } else await inBatches(ids, (id) => store.persist(type, id, {}, {}));
  const sorted = ids.toSorted(compareCodePoints);
  const pages = [
    ...[{}, { limit: 10_000 }, { limit: 9_999 }, { limit: 1_001 }, { limit: 999 }, { limit: 512 }, { limit: 101 }], // prettier-ignore
    ...[500, 999, 1_000, 1_198, 4_999, 5_000, 9_000, 9_999, 10_000, 10_010].map((n) => ({ after: sorted[n] })), // prettier-ignore
    ...[
      { after: sorted[1], limit: 10_000 },
      { after: sorted[100], limit: 5_001 },
    ],
    ...[{ after: `${sorted[700] ?? ''}!`, limit: 1_500 }, { after: sorted.at(-1) }],
  ];
  const got = await Promise.all(pages.map((options) => other.list(type, options)));
  for (const [n, options] of pages.entries()) {
    const { after, limit = 1_000 } = options as { after?: string; limit?: number };
    const rest = after === undefined ? sorted : sorted.filter((id) => compareCodePoints(id, after) > 0);
    expectSame(got[n], rest.slice(0, limit), `a page with ${preview(options)} of ${ids.length} ids`, SHORT);
  }
  await expectPagesOfLongIds(t, store, other);
}

/** As many long ids as fill a megabyte and more, where the store takes them. */
async function expectPagesOfLongIds(t: RuleContext, store: Subject, other: Subject): Promise<void> {
  const type = 'E4Long';
  const ids = Array.from({ length: 400 }, (_, n) => `${'é'.repeat(1_500)}${1_000 + n}`);
  if (!(await persistIfHeld(t, store, ids[0] ?? '', {}, { type }))) return;
  const held = await inBatches(ids, (id) => persistIfHeld(t, store, id, {}, { type }));
  const kept = ids.filter((_, n) => held[n]);
  expectSame((await other.list(type)).length, kept.length, 'the number of listed ids of 1,504 characters', SHORT); // prettier-ignore
}

/** `after` need not be there: it was removed, or never was (rule E4). */
export async function expectPagesAfterAbsent(store: Subject, other: Subject): Promise<void> {
  const type = 'E4After';
  const cause = 'The page begins at the row of `after`, which is not there any more; removed ids take room in a page; or pages overlap.'; // prettier-ignore
  const ids = [...'abcdefghijklmnopqrst', 'A', 'B', '0', '9', '10', 'é', '\uffff', '\u{10000}'].sort(compareCodePoints); // prettier-ignore
  await Promise.all(ids.map((id) => store.persist(type, id, {}, {})));
  const removed = ids.filter((_, n) => n % 3 !== 0);
  await Promise.all(removed.map((id) => store.commit([write(id, null, undefined, type)])));
  const live = ids.filter((id) => !removed.includes(id));
  const afters = [...ids, ...ids.map((id) => `${id}\u0001`), ...ids.map((id) => `${id}~`)];
  for (const limit of [1, 2, 3, 5]) {
    const pages = await Promise.all(afters.map((after) => other.list(type, { after, limit })));
    for (const [n, after] of afters.entries()) {
      const want = live.filter((id) => compareCodePoints(id, after) > 0).slice(0, limit);
      const what = `${limit} ids after ${preview(after)}, which ${removed.includes(after) ? 'was removed' : 'is there, or never was'}`; // prettier-ignore
      expectSame(pages[n], want, what, cause);
    }
  }
  expectSame(await other.list(DOC, { after: '\u{10ffff}' }), [], 'the ids after the last code point');
}
