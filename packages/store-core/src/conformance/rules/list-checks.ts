import { compareCodePoints } from '../../compare-code-points';
import { expectSame } from '../expect';
import { preview } from '../preview';
import type { Subject } from '../subject';

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
];

/** list looks for the very type (rule E3). */
export async function expectExactTypes(store: Subject, other: Subject): Promise<void> {
  const cause = 'The type is taken for a pattern, or looked up in an object that inherits.';
  for (const type of [...TYPES, ...NEVER]) {
    expectSame(await other.list(type), [], `list of ${preview(type)}, a type that was never written`, cause);
  }
  for (const type of TYPES) await store.persist(type, `id of ${type}`, {}, {});
  for (const handle of [store, other]) {
    for (const type of TYPES)
      expectSame(await handle.list(type), [`id of ${type}`], `list of the type ${preview(type)}`, cause);
    for (const type of NEVER) expectSame(await handle.list(type), [], `list of ${preview(type)}`, cause);
  }
}

/** list gives ids as they are (rule E3). */
export async function expectWholeIds(store: Subject, other: Subject): Promise<void> {
  const cause = 'Ids are joined into one text, and taken apart where an id has the separator.';
  await Promise.all(IDS.map((id) => store.persist('E3Ids', id, {}, {})));
  const sorted = IDS.toSorted(compareCodePoints);
  for (const handle of [store, other]) expectSame(await handle.list('E3Ids'), sorted, 'list', cause);
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
