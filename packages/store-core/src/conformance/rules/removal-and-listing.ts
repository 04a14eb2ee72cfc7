import { compareCodePoints } from '../../compare-code-points';
import { expectSame, expectThat } from '../expect';
import { preview } from '../preview';
import type { Rule } from '../rule';
import type { RuleContext } from '../rule-context';
import type { Subject } from '../subject';
import { DOC, ITEM, LIST } from '../suite-schema';
import {
  expectExactTypes,
  expectFreshPages,
  expectLongIds,
  expectUndefinedOptions,
  expectWholeIds,
} from './list-checks';
import {
  expectNeighboursStay,
  expectOneRemover,
  expectOneWinner,
  expectStrictRemoval,
} from './removal-checks';
import { expectFreshLists, expectSeparateTypes } from './fresh-lists';
import { expectFullPages, expectPagesAfterAbsent } from './list-pages';
import { write } from './write';

const ORDER =
  'Ids are sorted by a locale, or by UTF-16 units (the `<` of JavaScript): see compareCodePoints.';
const OTHER_IDS = 'Ids are not listed, or are taken for one another: see the rules of group I.';

/** Ids whose order depends on what is compared. */
const UNORDERED = [
  '',
  ' ',
  '!',
  '-',
  '0',
  '1',
  '10',
  '2',
  '9',
  'A',
  'B',
  'Z',
  '[',
  '_',
  'a',
  'aa',
  'ab',
  'b',
  'z',
  '~',
  'é',
  'e\u0301',
  'ß',
  'ss',
  'Ä',
  'ä',
  '日',
  '\ud7ff',
  '\ue000',
  '\ufffd',
  '\uffff',
  '\u{10000}',
  '💥',
  '\u{10ffff}',
  'a\u{10000}',
  'a\uffff',
];

/** Group E, first half: removing and listing. */
export const removalAndListingRules: readonly Rule[] = [
  {
    id: 'E1',
    title: 'what is removed loads as null, and leaves nothing over',
    needs: ['remove'],
    async check(t) {
      const [store, other] = await t.pair();
      const full = {
        id: 'l',
        title: 't',
        items: [{ id: 'a', title: 'x' }, { id: 'b' }],
        archive: [{ id: 'c' }],
      };
      expectSame(await store.remove(LIST, 'e1'), false, 'remove of what was never there');
      for (const next of [{ id: 'l', items: [] }, { items: [{ id: 'a' }] }, full]) {
        await store.persist(LIST, 'e1', full, full);
        await store.persist(LIST, 'e1-kept', full, full);
        expectSame(await other.remove(LIST, 'e1'), true, 'remove of what is there');
        for (const handle of [store, other]) {
          await t.expectLoad(handle, 'e1', null, { type: LIST, what: 'load after remove' });
          expectSame(await handle.remove(LIST, 'e1'), false, 'remove of what is removed');
          await t.expectLoad(handle, 'e1-kept', full, {
            type: LIST,
            what: 'load of another instance after remove',
          });
        }
        await store.persist(LIST, 'e1', {}, next);
        for (const handle of [store, other]) {
          await t.expectLoad(handle, 'e1', next, {
            type: LIST,
            what: 'load after creation upon removal',
            cause: 'Something of the removed one is left over.',
          });
        }
      }
      await t.refused(store.remove('', 'x'), 'STORE_INVALID_KEY', 'remove of an empty type');
      await t.refused(
        store.remove(LIST, 1 as never),
        'STORE_INVALID_KEY',
        'remove of an id that is a number',
      );
      await expectNeighboursStay(t, store, other);
      await expectOneRemover(t, store, other);
    },
  },
  {
    id: 'E2',
    title: 'a stale removal conflicts',
    needs: ['capabilities', 'remove'],
    async check(t) {
      const [store, other] = await t.pair();
      for (let n = 0; n < 2; n++) await store.persist(DOC, 'e2', {}, { n });
      for (const ifRev of [1, 3, 0]) {
        const error = await t.refused(
          other.remove(DOC, 'e2', { ifRev }),
          'STORE_CONFLICT',
          `remove with ifRev ${ifRev} at rev 2`,
          'remove does not look at ifRev.',
        );
        const { expected, actual } = error as Record<string, unknown>;
        expectSame([expected, actual], [ifRev, 2], 'expected and actual of the conflict');
        await t.expectLoad(store, 'e2', { n: 1 }, { what: 'load after a refused removal' });
      }
      await expectStrictRemoval(t, store);
      expectSame(await other.remove(DOC, 'e2', { ifRev: 2 }), true, 'remove with a matching ifRev');
      await t.refused(
        store.remove(DOC, 'e2', { ifRev: 3 }),
        'STORE_CONFLICT',
        'remove with the rev of the removal',
      );
      expectSame(
        await store.remove(DOC, 'e2', { ifRev: 0 }),
        false,
        'remove with ifRev 0 of what is removed',
      );
      expectSame((await store.commit([write('e2', {}, 0)])).revs, [4], 'the rev of a creation after that');
      await expectOneWinner(t, store, other);
    },
  },
  {
    id: 'E3',
    title: 'list gives exactly the live ids of exactly that type',
    needs: ['list'],
    async check(t) {
      const [store, other] = await t.pair();
      const live = new Set<string>();
      for (let i = 0; i < 30; i++) live.add(`e3-${i}`);
      await Promise.all([...live].map((id) => store.persist(DOC, id, {}, { id: 'another' })));
      const items = [{ id: 'child-1' }, { id: 'child-2' }];
      await store.persist(LIST, 'list', {}, { id: 'l', items, archive: items });
      for (const type of [`${DOC}s`, DOC.toLowerCase(), DOC.slice(0, -1), `${DOC}%`])
        await store.persist(type, 'alike', {}, {});
      if (typeof store.raw.remove === 'function') {
        for (const id of ['e3-1', 'e3-2', 'e3-29']) {
          await other.remove(DOC, id);
          live.delete(id);
        }
        await other.remove(DOC, 'never');
        await store.persist(DOC, 'e3-2', {}, {});
        live.add('e3-2');
      }
      for (const handle of [store, other]) {
        expectSame(
          await handle.list(DOC),
          [...live].sort(compareCodePoints),
          'list',
          'Removed ids, or ids of another type, are listed.',
        );
        expectSame(await handle.list(LIST), ['list'], 'list of another type');
        expectSame(
          await handle.list(ITEM),
          [],
          'list of a type that exists as children only',
          'Child rows are listed as instances.',
        );
        expectSame(await handle.list('Never'), [], 'list of a type that was never written');
        expectSame(await handle.list(`${DOC}s`), ['alike'], 'list of a type whose name is alike');
      }
      await expectExactTypes(store, other);
      await expectWholeIds(t, store, other);
      await expectLongIds(t, store, other);
      if (typeof store.raw.remove === 'function') await expectFreshPages(store, other);
      await expectFreshLists(t, store, other);
      await expectSeparateTypes(t, store, other);
    },
  },
  {
    id: 'E4',
    title: 'pages give each id once, while others write',
    needs: ['list'],
    patience: 2,
    async check(t) {
      const [store, other] = await t.pair();
      const ids = Array.from({ length: 1_003 }, (_, i) => `e4-${String(i).padStart(4, '0')}`);
      await Promise.all(ids.map((id) => store.persist(DOC, id, {}, {})));
      expectSame(
        (await other.list(DOC)).length,
        1_000,
        'the length of a page without limit',
        'The page has no limit.',
      );
      expectSame(
        (await other.list(DOC, { limit: 10_000 })).length,
        1_003,
        'the length of a page with limit 10,000',
      );
      expectSame(await store.list(DOC, { limit: 1 }), [ids[0]], 'a page with limit 1');
      for (const limit of [400, 167, 1_003]) await expectPages(t, store, other, ids, limit);
      for (const limit of [0, -1, 1.5, NaN, Infinity, 10_001, '5', null]) {
        await t.refused(
          store.list(DOC, { limit: limit as number }),
          'STORE_INVALID_ARGUMENT',
          `list with limit ${preview(limit)}`,
        );
      }
      for (const options of [{ Limit: 1 }, { after: 'a', count: 5 }]) {
        const what = `list with the options ${Object.keys(options).join(' and ')}`;
        await t.refused(store.list(DOC, options), 'STORE_INVALID_ARGUMENT', what);
      }
      for (const after of [1, null, 'e4-\ud800']) {
        await t.refused(
          store.list(DOC, { after: after as string }),
          'STORE_INVALID_ARGUMENT',
          `list after ${preview(after)}`,
        );
      }
      await expectUndefinedOptions(store);
      await expectFullPages(t, store, other);
      if (t.capabilities !== undefined) await expectPagesAfterAbsent(store, other);
      await t.refused(store.list(''), 'STORE_INVALID_KEY', 'list of an empty type');
    },
  },
  {
    id: 'E5',
    title: 'ids come in the order of Unicode code points, after exclusive',
    needs: ['list'],
    async check(t) {
      const [store, other] = await t.pair();
      const sorted = UNORDERED.toSorted(compareCodePoints);
      await Promise.all(t.random.shuffle(UNORDERED).map((id) => store.persist(DOC, id, {}, { id })));
      for (const handle of [store, other]) {
        const listed = await handle.list(DOC);
        const isComplete = sorted.every((id) => listed.includes(id));
        expectSame(listed, sorted, 'list', isComplete ? ORDER : OTHER_IDS);
        const pages = await Promise.all(sorted.map((after) => handle.list(DOC, { after, limit: 3 })));
        for (const [i, page] of pages.entries()) {
          expectSame(
            page,
            sorted.slice(i + 1, i + 4),
            `three ids after ${preview(sorted[i])}`,
            '`after` is inclusive, or is compared in another order than ids are sorted.',
          );
        }
        const absent = ['0a', 'a0', 'é!', '\u{ffff}!', '\u{20000}', '\u0001'];
        const rests = await Promise.all(absent.map((after) => handle.list(DOC, { after })));
        for (const [n, after] of absent.entries()) {
          const rest = sorted.filter((id) => compareCodePoints(id, after) > 0);
          expectSame(rests[n], rest, `the ids after ${preview(after)}, which is none of them`, ORDER);
        }
      }
    },
  },
];

/** Go through the pages while another handle writes, before and behind. */
async function expectPages(
  t: RuleContext,
  store: Subject,
  other: Subject,
  ids: readonly string[],
  limit: number,
): Promise<void> {
  const seen: string[] = [];
  for (let after: string | undefined, page = 0; page < 20; page++) {
    const listing = store.list(DOC, after === undefined ? { limit } : { after, limit });
    const between = `e4-${String(t.random.below(1_003)).padStart(4, '0')}-${limit}-${page}`;
    await other.persist(DOC, between, {}, {});
    await other.persist(DOC, t.random.pick(ids), {}, { page });
    const got = await listing;
    expectThat(got.length <= limit, 'a page must not be longer than its limit', {
      got: `${got.length} ids with limit ${limit}`,
    });
    seen.push(...got);
    if (got.length < limit) break;
    after = got.at(-1);
  }
  const known = new Set(ids);
  expectSame(
    seen.filter((id) => known.has(id)),
    ids,
    `all pages with limit ${limit}, while others write`,
    'Pages are counted by offset, or overlap.',
  );
}
