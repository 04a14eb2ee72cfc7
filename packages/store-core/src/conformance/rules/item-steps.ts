import { diffState } from '../../diff-state';
import type { RuleContext } from '../rule-context';
import { LIST } from '../suite-schema';

/** An item of a list, with a title and more. */
export function item(id: unknown, more: object = {}): object {
  return { id, title: `title of ${String(id)}`, done: false, ...more };
}

/** The state of a list with these items, and more. */
export function list(items: readonly unknown[], more: object = {}): Record<string, unknown> {
  return { id: 'l', title: 'List', items, ...more };
}

/** Persist an instance's states one over the other, and find each through both handles. */
export async function runSteps(
  t: RuleContext,
  id: string,
  states: readonly object[],
  cause: string,
  type: string = LIST,
): Promise<void> {
  const [store, other] = await t.pair();
  let before: object = {};
  for (const [i, state] of states.entries()) {
    await store.persist(type, id, diffState(before, state), state);
    const expectation = { type, what: `load after step ${i + 1}`, cause };
    await Promise.all([store, other].map((handle) => t.expectLoad(handle, id, state, expectation)));
    before = state;
  }
}

/**
 * As {@link runSteps}, each step on an instance of its own and all of them side by side: where nothing but the
 * state before matters.
 */
export async function runPairs(
  t: RuleContext,
  id: string,
  states: readonly object[],
  cause: string,
  type: string = LIST,
): Promise<void> {
  const pairs = states.slice(1).map((state, i) => [states[i] as object, state]);
  await Promise.all(pairs.map((pair, i) => runSteps(t, `${id}-${i}`, pair, cause, type)));
}

/** Insert items at one place, each before the last one; the list stays short, and ids rise. */
export async function insertAgainAndAgain(
  t: RuleContext,
  id: string,
  at: number,
  times: number,
): Promise<void> {
  const [store, other] = await t.pair();
  const first = item('a');
  let state = list(at === 0 ? [] : [first, item('b')]);
  const calls = [store.persist(LIST, id, {}, state)];
  for (let i = 1; i <= times; i++) {
    const before = state.items as unknown[];
    const after = before.toSpliced(at, 0, item(`i${String(i).padStart(4, '0')}`)).slice(0, 6);
    const next = list(after);
    calls.push(store.persist(LIST, id, diffState(state, next), next));
    state = next;
    if (i % 25 !== 0) continue;
    // Not awaited one by one: they apply in call order.
    await Promise.all(calls.splice(0));
    const what = `load after ${i} insertions at ${at}`;
    const cause = 'Positions are halved between neighbours, and run out.';
    const want = state;
    await Promise.all(
      [store, other].map((handle) => t.expectLoad(handle, id, want, { type: LIST, what, cause })),
    );
  }
}

/** Thousands of items come at once, and go at once. */
export async function insertAndRemoveMany(t: RuleContext): Promise<void> {
  const cause =
    'Items are written in blocks or with so many parameters at a time, and the rest is lost or out of order.';
  const many = (prefix: string) => Array.from({ length: 2_500 }, (_, i) => ({ id: `${prefix}${i}` }));
  const [last] = many('old').slice(-1);
  const states = [[], many('old'), many('new'), [last], []].map((items) => list(items));
  await runSteps(t, 'k1-many', states, cause);
}
