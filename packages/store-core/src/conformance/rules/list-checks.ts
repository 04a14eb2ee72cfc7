import { compareCodePoints } from '../../compare-code-points';
import { expectSame } from '../expect';
import { preview } from '../preview';
import type { RuleContext } from '../rule-context';
import type { Subject } from '../subject';
import { DOC } from '../suite-schema';
import { expectResolved } from './expect-resolved';
import { persistIfHeld } from './persist-if-held';

/** Types that may be taken for patterns, or for what every object has. */
const TYPES = [
  'D',
  'D.',
  'D*',
  'D_',
  'D%',
  '[D]',
  'D+',
  'D(',
  'Dx',
  '^D',
  'constructor',
  '__proto__',
  'toString',
];
const NEVER = ['D?', '.*', '*', '%', '_', 'D|Dx', '[', '(', 'hasOwnProperty', 'valueOf', 'prototype'];
const IDS = [
  'a\nb',
  'a',
  'b',
  '\n',
  'a\r\nc',
  'a,b',
  '"',
  '"a"',
  "'",
  '[]',
  '\t',
  'a\0b',
  'a b',
  ' a ',
  'a;b',
  '\u2028',
  '.env',
  '_a',
  '~a',
  'a~',
  '#a#',
  'a.bak',
  'a.json',
  'a.lock',
  'a.tmp',
];

/** list looks for the very type (rule E3). */
export async function expectExactTypes(store: Subject, other: Subject): Promise<void> {
  const cause = 'The type is taken for a pattern, or looked up in an object that inherits.';
  const expectLists = async (handle: Subject, types: readonly string[], isThere: boolean): Promise<void> => {
    const lists = await Promise.all(types.map((type) => handle.list(type)));
    for (const [n, type] of types.entries())
      expectSame(lists[n], isThere ? [`id of ${type}`] : [], `list of the type ${preview(type)}`, cause);
  };
  await expectLists(other, [...TYPES, ...NEVER], false);
  await Promise.all(TYPES.map((type) => store.persist(type, `id of ${type}`, {}, {})));
  for (const handle of [store, other]) {
    await expectLists(handle, TYPES, true);
    await expectLists(handle, NEVER, false);
  }
}

/** list gives ids as they are, also to a handle that is opened later (rule E3). */
export async function expectWholeIds(t: RuleContext, store: Subject, other: Subject): Promise<void> {
  const type = 'E3Ids';
  const cause = 'Ids are joined into one text and taken apart, or are names of files that mean something.';
  const held = await Promise.all(IDS.map((id, n) => persistIfHeld(t, store, id, { n }, { type })));
  const sorted = IDS.filter((_, n) => held[n]).sort(compareCodePoints);
  const later = await t.open();
  for (const handle of [store, other, later]) expectSame(await handle.list(type), sorted, 'list', cause);
  const loads = IDS.map((id, n) => {
    const what = `load of ${preview(id)} through a handle that is opened later`;
    return held[n] === true ? t.expectLoad(later, id, { n }, { type, what, cause }) : undefined;
  });
  await Promise.all(loads);
}

/** list gives long ids in full, where the store takes them (rule E3). */
export async function expectLongIds(t: RuleContext, store: Subject, other: Subject): Promise<void> {
  const type = 'E3Long';
  const cause = 'Long ids are cut, or stored as their hash.';
  const ids = ['a'.repeat(300), 'b'.repeat(2_000), 'é'.repeat(2_100), 'z'.repeat(65_536)];
  const held = await Promise.all(ids.map((id) => persistIfHeld(t, store, id, {}, { type })));
  const kept = ids.filter((_, n) => held[n]).sort(compareCodePoints);
  for (const handle of [store, other]) {
    expectSame(await handle.list(type), kept, 'list of long ids', cause);
    for (const [n, after] of kept.entries()) {
      const what = `list after an id of ${after.length} characters`;
      expectSame(await handle.list(type, { after }), kept.slice(n + 1), what, cause);
    }
  }
}

/** Options that are there, and undefined, are as good as absent (rule E4). */
export async function expectUndefinedOptions(store: Subject): Promise<void> {
  const want = await store.list(DOC);
  for (const options of [
    { after: undefined },
    { limit: undefined },
    { after: undefined, limit: undefined },
  ]) {
    const what = `list with the options ${preview(options)}`;
    expectSame(await expectResolved(store.list(DOC, options), what), want, what);
  }
}

/** What is removed takes no room in a page, and a listing is made anew each time (rule E3). */
export async function expectFreshPages(store: Subject, other: Subject): Promise<void> {
  const type = 'E3Pages';
  const cause = 'Removed ids are taken out after the page is cut, or a listing is kept.';
  expectSame(await store.list(type), [], 'list of nothing');
  for (const id of ['a', 'b', 'c', 'd', 'e', 'f']) await other.persist(type, id, {}, {});
  expectSame(
    await store.list(type),
    ['a', 'b', 'c', 'd', 'e', 'f'],
    'list after another handle wrote',
    cause,
  );
  for (const id of ['a', 'c', 'd']) await other.remove(type, id);
  for (const handle of [store, other]) {
    expectSame(await handle.list(type, { limit: 1 }), ['b'], 'a page of 1 after removals', cause);
    expectSame(await handle.list(type, { after: 'b', limit: 2 }), ['e', 'f'], 'the next page of 2', cause);
    expectSame(await handle.list(type), ['b', 'e', 'f'], 'list after removals', cause);
  }
  await other.persist(type, 'c', {}, {});
  expectSame(await store.list(type), ['b', 'c', 'e', 'f'], 'list after another creation', cause);
}
