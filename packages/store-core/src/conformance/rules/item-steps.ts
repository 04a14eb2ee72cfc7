import { diffState } from '../../diff-state';
import type { RuleContext } from '../rule-context';
import { LIST } from '../suite-schema';
import { inBatches } from './in-batches';

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
    await inBatches([store, other], (handle) =>
      t.expectLoad(handle, id, state, { type, what: `load after step ${i + 1}`, cause }),
    );
    before = state;
  }
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
  await store.persist(LIST, id, {}, state);
  for (let i = 1; i <= times; i++) {
    const before = state.items as unknown[];
    const after = before.toSpliced(at, 0, item(`i${String(i).padStart(4, '0')}`)).slice(0, 6);
    const next = list(after);
    await store.persist(LIST, id, diffState(state, next), next);
    state = next;
    if (i % (i < 100 ? 25 : 100) !== 0) continue;
    await inBatches([store, other], (handle) =>
      t.expectLoad(handle, id, state, {
        type: LIST,
        what: `load after ${i} insertions at ${at}`,
        cause: 'Positions are halved between neighbours, and run out.',
      }),
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
