import { compareCodePoints } from '../../compare-code-points';
import { expectSame, expectThat } from '../expect';
import { preview } from '../preview';
import type { Rule } from '../rule';
import type { RuleContext } from '../rule-context';
import type { Subject } from '../subject';
import { DOC, ITEM, LIST } from '../suite-schema';
import { persistIfHeld } from './persist-if-held';

const CAUSE = 'Types are listed from tables, caches or children, not from the instances that are live.';

/** Types that are easily folded, matched as a pattern, or sorted wrongly. */
const AWKWARD = [
  'E10',
  'e10',
  'E10s',
  'E1',
  'E10%',
  'É10',
  '_E10',
  '0',
  '10',
  '9',
  'ﬀ',
  '\u{10000}',
  '\uffff',
  'E10 ',
  'E.10',
  'constructor',
];

/** Rule E10. */
export const typesRule: Rule = {
  id: 'E10',
  title: 'types gives exactly the types with live instances, in the order of code points, page by page',
  needs: ['types'],
  async check(t) {
    const [store, other] = await t.pair();
    for (const handle of [store, other])
      expectSame(await handle.types(), [], 'types of empty storage', CAUSE);
    await expectLiveTypes(t, store, other);
    await expectPagesOfTypes(t, store, other);
    await expectOptionsChecked(t, store);
  },
};

async function expectLiveTypes(t: RuleContext, store: Subject, other: Subject): Promise<void> {
  const items = [{ id: 'child-1' }, { id: 'child-2' }];
  await Promise.all([
    store.persist(LIST, 'l', {}, { id: 'l', items, archive: items }),
    store.persist(DOC, 'a', {}, {}),
    other.persist(DOC, 'b', {}, {}),
  ]);
  await store.load(ITEM, 'never');
  const want = [DOC, LIST].sort(compareCodePoints);
  for (const handle of [store, other]) expectSame(await handle.types(), want, 'types', CAUSE);
  if (typeof store.raw.remove !== 'function') return;
  await Promise.all([other.remove(LIST, 'l'), other.remove(DOC, 'a')]);
  const later = await t.open();
  for (const handle of [store, other, later]) {
    expectSame(await handle.types(), [DOC], 'types after the last instance of a type was removed', CAUSE);
  }
  await Promise.all([other.persist(LIST, 'l', {}, {}), other.persist('E10Empty', '', {}, {})]);
  const again = [...want, 'E10Empty'].sort(compareCodePoints);
  expectSame(await store.types(), again, 'types after an instance was created again', CAUSE);
}

async function expectPagesOfTypes(t: RuleContext, store: Subject, other: Subject): Promise<void> {
  const known = await store.types();
  const held = await Promise.all(AWKWARD.map((type) => persistIfHeld(t, store, 'x', {}, { type })));
  const all = [...known, ...AWKWARD.filter((_, n) => held[n])].sort(compareCodePoints);
  for (const handle of [store, other]) {
    expectSame(await handle.types(), all, 'types', CAUSE);
    const pages = await Promise.all(all.map((after) => handle.types({ after, limit: 2 })));
    for (const [n, page] of pages.entries()) {
      const what = `two types after ${preview(all[n])}`;
      expectSame(page, all.slice(n + 1, n + 3), what, '`after` is inclusive, or another order is used.');
    }
  }
  expectSame(await store.types({ after: 'E10!' }), all.filter((type) => compareCodePoints(type, 'E10!') > 0), 'the types after "E10!", which is none of them'); // prettier-ignore
  expectSame(await store.types({ after: undefined, limit: undefined }), all, 'types with undefined options');
  const page = await store.types({ limit: 1 });
  expectThat(page.length === 1, 'a page must not be longer than its limit', { got: preview(page) });
}

async function expectOptionsChecked(t: RuleContext, store: Subject): Promise<void> {
  const bad = [{ limit: 0 }, { limit: 10_001 }, { limit: 1.5 }, { limit: '5' }, { after: 1 }, { after: '\ud800' }, { count: 5 }]; // prettier-ignore
  for (const options of bad) {
    const call = store.types(options as { limit?: number });
    await t.refused(call, 'STORE_INVALID_ARGUMENT', `types with the options ${preview(options)}`);
  }
}
