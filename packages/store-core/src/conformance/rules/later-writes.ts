import { diffState } from '../../diff-state';
import type { RuleContext } from '../rule-context';
import { DOC, LIST } from '../suite-schema';
import { runSteps } from './item-steps';

const LOOSE =
  'What is there is compared loosely before it is written (`==`, without case or trailing spaces, nearly the same number), or the value itself is changed (see group V).';

/** Values that some `==`, collation or tolerance takes for the one before. */
const ALIKE: readonly unknown[] = [
  ...[1, '1', true, 'true', 0, '0', '', false, null, [], {}, [1], '1', 1.5, '1.5'],
  ...['x', 'X', 'x ', 'x', ' x', 'x\t', 'é', 'e', 'e\u0301', 'ß', 'ss', '-0', 0],
  ...[0.3, 0.1 + 0.2, 2 ** 53, 2 ** 53 - 1, 1e300, 1.0000000000000002e300],
];

const DEPTHS = [2, 3, 4, 5, 6, 7, 8, 10, 12, 16, 17, 20, 33, 60, 100];

/** What differs little from what is there is written all the same. */
export async function expectLittleChanges(t: RuleContext): Promise<void> {
  const docs = ALIKE.map((value) => ({
    ...{ id: value, text: value, count: value, ratio: value, flag: value, day: value, other: value },
    ...{ nested: { value }, tags: [value] },
  }));
  const lists = ALIKE.map((value) => ({
    ...{ id: 'l', title: value },
    items: [{ id: 'i', title: value, done: value, rank: value, meta: { value }, other: value }, value],
  }));
  await Promise.all([runSteps(t, 'alike', docs, LOOSE, DOC), runSteps(t, 'alike', lists, LOOSE)]);
}

/** A change is seen at any depth. */
export async function expectDeepChanges(t: RuleContext): Promise<void> {
  const cause = 'States are compared before they are written, and not all the way down.';
  // The deepest last: no later change may bring an earlier one along.
  const nested = DEPTHS.map((_, count) => chain(DEPTHS.slice(0, count)));
  const docs = nested.map((chained) => ({ id: 'd', nested: chained }));
  const lists = nested.map((chained) => ({ id: 'l', items: [{ id: 'i', meta: chained }] }));
  await Promise.all([runSteps(t, 'deep', docs, cause, DOC), runSteps(t, 'deep', lists, cause)]);
}

/** Nested objects, each with a leaf: 1 at these depths, else 0. */
function chain(changed: readonly number[]): object {
  let object: object = {};
  for (let depth = Math.max(...DEPTHS); depth > 1; depth--) {
    object = { leaf: changed.includes(depth) ? 1 : 0, in: object };
  }
  return object;
}

/** A change of few characters within a long text is seen, wherever it is. */
export async function expectChangesWithinLongTexts(t: RuleContext): Promise<void> {
  const cause =
    'Long texts are compared by their length, their ends or a short hash before they are written.';
  const long = 'x'.repeat(33_000);
  const state = (first: string, middle: number, last: string) => ({
    ...{ text: first + long, count: middle, other: `${long}${middle}${long}`, tags: [long + last] },
  });
  const docs = [
    ...[state('a', 1, 'a'), state('a', 2, 'a'), state('b', 2, 'a')],
    ...[state('b', 2, 'b'), state('b', 1, 'a')],
  ];
  await runSteps(t, 'long', docs, cause, DOC);
  const items = Array.from({ length: 200 }, (_, i) => ({ id: `i${i}`, title: 'a' }));
  const changed = items.map((item) => (item.id === 'i100' ? { ...item, title: 'b' } : item));
  const lists = [items, changed, items].map((all) => ({ id: 'l', items: all }));
  await runSteps(t, 'long', lists, cause);
}

/** What a handle wrote itself is no reason not to write it again: others may have written since. */
export async function expectNothingRemembered(t: RuleContext): Promise<void> {
  const cause = 'A handle writes what differs from what it wrote last itself: others may have written since.';
  const [store, other] = await t.pair();
  const first = { id: 'd', text: 'first', count: 1, nested: { n: 1 }, tags: ['first'] };
  const second = { id: 'd', text: 'second', count: 2, nested: { n: 2 }, tags: ['second'] };
  for (const [i, again] of [first, { ...first, count: 5 }, { ...first, extra: 1 }].entries()) {
    const id = `remembered-${i}`;
    // No load in between: what was loaded may be remembered, too.
    await store.persist(DOC, id, first, first);
    await other.persist(DOC, id, second, second);
    await store.persist(DOC, id, diffState(first, again), again);
    for (const handle of [other, store]) {
      await t.expectLoad(handle, id, again, { what: 'load after another handle wrote in between', cause });
    }
  }
  const list = (title: string) => ({ id: 'l', title, items: [{ id: 'a', title }, { id: title }] });
  await store.persist(LIST, 'remembered', {}, list('first'));
  await other.persist(LIST, 'remembered', {}, list('second'));
  await store.persist(LIST, 'remembered', {}, list('first'));
  await t.expectLoad(other, 'remembered', list('first'), { type: LIST, cause });
}
