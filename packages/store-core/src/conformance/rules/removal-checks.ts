import { expectSame, expectThat } from '../expect';
import { preview } from '../preview';
import { rejection, type RuleContext } from '../rule-context';
import type { Subject } from '../subject';
import { DOC } from '../suite-schema';
import { ticks } from '../turns';
import { persistIfHeld } from './persist-if-held';
import { write } from './write';

/** What may be taken for a pattern or a folder, and what it would take along. */
const NEIGHBOURS: readonly [removed: string, kept: readonly string[]][] = [
  ['a_', ['ab', 'a', 'a_b', 'A_']],
  ['b%', ['b', 'bcd', 'b%c', 'B%']],
  ['c*', ['c', 'cde', 'c*d']],
  ['d?', ['de', 'd']],
  ['[ef]', ['e', 'f']],
  ['g.', ['gh', 'g']],
  ['h', ['h/i', 'h/i/j', 'h:i', 'h|i', 'h.i', 'h\0i', 'h ', ' h', 'H', 'hh']],
  ['k/l', ['k', 'k/l/m', 'k/']],
  ['', ['%', '*', ' ', '/']],
];

/** Ids that nothing has, and that look like `Look-Alike`. */
const LOOK_ALIKES = ['look-alike', 'LOOK-ALIKE', 'Look-Alike ', ' Look-Alike', 'Look-Alik%', 'Look_Alike'];

/** A removal takes its instance and no other (rule E1). */
export async function expectNeighboursStay(t: RuleContext, store: Subject, other: Subject): Promise<void> {
  const cause = 'The id is taken for a pattern, a folder or the beginning of others, or is folded.';
  const expectKept = async ([removed, kept]: (typeof NEIGHBOURS)[number]): Promise<void> => {
    await store.persist(DOC, removed, {}, {});
    const held = await Promise.all(kept.map((id, n) => persistIfHeld(t, store, id, { n })));
    expectSame(await other.remove(DOC, removed), true, `remove of ${preview(removed)}`);
    await t.expectLoad(store, removed, null, { what: `load of ${preview(removed)} after its removal` });
    const loads = kept.map((id, n) => {
      const what = `load of ${preview(id)} after the removal of ${preview(removed)}`;
      return held[n] === true ? t.expectLoad(store, id, { n }, { what, cause }) : undefined;
    });
    await Promise.all(loads);
  };
  // Each alone: a removal that takes too much must not be hidden by what others write.
  for (const each of NEIGHBOURS) await expectKept(each);
  await store.persist(DOC, 'Look-Alike', {}, { n: 1 });
  const removals = await Promise.all(LOOK_ALIKES.map((id) => other.remove(DOC, id)));
  for (const [n, id] of LOOK_ALIKES.entries())
    expectSame(removals[n], false, `remove of ${preview(id)}, which looks like another`, cause);
  const what = 'load after remove of what looks like it';
  await t.expectLoad(store, 'Look-Alike', { n: 1 }, { what, cause });
}

/** Of many that remove one instance at once, one has removed it (rule E1). */
export async function expectOneRemover(t: RuleContext, store: Subject, other: Subject): Promise<void> {
  const race = async (round: number): Promise<void> => {
    const id = `e1-race-${round}`;
    await store.persist(DOC, id, {}, { round });
    const removals = [store, other, store, other].slice(0, 2 + (round % 3)).map(async (handle, n) => {
      await ticks((n * round) % 5);
      return handle.remove(DOC, id);
    });
    const removers = (await Promise.all(removals)).filter((removed) => removed).length;
    expectThat(removers === 1, 'of removals at once, one must give true', {
      got: `${removers} gave true`,
      cause: 'Whether it exists is looked up in one step, and it is removed in another.',
    });
    await t.expectLoad(other, id, null, { what: 'load after removals at once' });
  };
  await Promise.all([0, 1, 2, 3, 4, 5].map(race));
}

/** A removal and commits of the same rev race: one wins, and what it did stays (rule E2). */
export async function expectOneWinner(t: RuleContext, store: Subject, other: Subject): Promise<void> {
  for (let round = 0; round < 24; round++) {
    const id = `e2-race-${round}`;
    await store.persist(DOC, id, {}, { n: 0 });
    const remove = async (): Promise<unknown> => {
      await ticks(round % 3);
      return rejection(store.remove(DOC, id, { ifRev: 1 }));
    };
    const commit = async (): Promise<unknown> => {
      await ticks(round);
      return rejection(other.commit([write(id, { n: 1 }, 1)]));
    };
    const calls = round % 2 === 0 ? [remove(), commit()] : [commit(), remove()].toReversed();
    const errors = (await Promise.all(calls)) as ({ value: unknown } | undefined)[];
    for (const error of errors) if (error) t.checkCode(error.value, ['STORE_CONFLICT'], 'losing a race');
    const cause = 'remove compares ifRev in one step, and removes in another.';
    const winners = errors.filter((error) => error === undefined).length;
    expectThat(winners === 1, 'of a removal and a commit with the same ifRev, one must win', {
      got: `${winners} won`,
      cause,
    });
    const want = errors[0] === undefined ? null : { n: 1 };
    await t.expectLoad(store, id, want, { what: 'load of what the winner of the race has left', cause });
  }
}

/** What is no rev, for commits and removals. */
export const MALFORMED_REVS: readonly unknown[] = [
  -1,
  0.5,
  1.5,
  NaN,
  Infinity,
  -Infinity,
  2 ** 53,
  '1',
  '',
  true,
  false,
  null,
  1n,
  {},
  [1],
];

/** remove is as strict as commit (rule E2). */
export async function expectStrictRemoval(t: RuleContext, store: Subject): Promise<void> {
  await store.persist(DOC, 'e2-strict', {}, { n: 1 });
  const refusals = MALFORMED_REVS.flatMap((ifRev) =>
    ['e2-strict', 'e2-absent'].map((id) => {
      const removal = store.remove(DOC, id, { ifRev: ifRev as number });
      return t.refused(removal, 'STORE_INVALID_ARGUMENT', `remove with ifRev ${preview(ifRev)}`);
    }),
  );
  await Promise.all(refusals);
  await t.expectLoad(store, 'e2-strict', { n: 1 }, { what: 'load after refused removals' });
}
