import type { Hint } from '../../store';
import { expectThat } from '../expect';
import { exactText } from '../exact-text';
import type { RuleContext } from '../rule-context';
import type { Subject } from '../subject';
import { turn } from '../turns';
import { write } from './write';

const TYPE = 'E6Burst';

/** The newest hint that one listener got of each instance. */
class Newest {
  readonly #of = new Map<string, Hint>();
  take(hint: Hint): void {
    if (hint.type === TYPE && hint.rev >= (this.#of.get(hint.id)?.rev ?? 0))
      this.#of.set(hint.id, { ...hint });
  }
  /** What is missing of what was committed. */
  missing(want: ReadonlyMap<string, readonly [rev: number, removed: boolean]>): string[] {
    return [...want]
      .filter(([id, [rev, removed]]) => {
        const hint = this.#of.get(id);
        return hint === undefined || hint.rev < rev || (hint.rev === rev && hint.removed !== removed);
      })
      .map(([id, at]) => `${exactText([id, ...at])}, got ${exactText(this.#of.get(id))}`);
  }
}

/**
 * Listeners of every kind – slow, changing their hint, added meanwhile, after the end of another – get the newest hint of
 * each instance, of all that several handles write at once (rule E6).
 */
export async function expectHintsOfBursts(t: RuleContext, store: Subject, other: Subject): Promise<void> {
  const third = await t.open();
  const names = ['first', 'of another handle', 'that is async', 'that changes its hint', 'that was added meanwhile', 'that watches again']; // prettier-ignore
  const listeners = names.map(() => new Newest());
  const [plain, remote, slow, greedy, late, again] = listeners;
  const ends = [
    await store.watch((hint) => plain?.take(hint)),
    await third.watch((hint) => remote?.take(hint)),
    await store.watch(async (hint) => {
      const copy = { ...hint };
      for (let n = 0; n < 3; n++) await turn();
      slow?.take(copy);
    }),
    await store.watch((hint) => {
      greedy?.take(hint);
      // A store may freeze its hints. It must not show one listener what another did to them.
      for (const [name, value] of Object.entries({ type: 'x', id: 'x', rev: -1, removed: !hint.removed }))
        Reflect.set(hint, name, value);
    }),
  ];
  const leaving = await store.watch(() => undefined);
  const want = new Map<string, [number, boolean]>();
  const expectAll = async (when: string, upTo: number): Promise<void> => {
    for (const [n, listener] of listeners.slice(0, upTo).entries()) {
      await t.eventually(
        `a listener (${names[n] ?? ''}) must get the newest hint of each instance, ${when}`,
        () => listener.missing(want).length === 0,
        () => ({
          got: `missing: ${listener.missing(want).slice(0, 3).join('; ')}`,
          cause: 'Changes are polled by a clock, a count or the greatest rev, or some writes of a commit send no hint.', // prettier-ignore
        }),
      );
    }
  };
  await burst(t, [store, other], want, 1);
  await expectAll('written at once', 4);
  await leaving();
  const joining = burst(t, [store, other, third], want, 2);
  ends.push(await other.watch((hint) => late?.take(hint)));
  const short = await store.watch((hint) => again?.take(hint));
  await short();
  ends.push(await store.watch((hint) => again?.take(hint)));
  await joining;
  await burst(t, [other, store], want, 3);
  await expectAll('after others came and went', 6);
  for (const end of ends) await end();
}

/** Each instance twice or more, by one handle or several: created, changed, removed, created again. */
async function burst(
  t: RuleContext,
  writers: readonly Subject[],
  want: Map<string, [number, boolean]>,
  round: number,
): Promise<void> {
  const writerOf = (n: number): Subject => writers[n % writers.length] as Subject;
  const rest = Array.from({ length: 40 }, async (_, n) => {
    const id = `burst-${n}`;
    await writerOf(n).persist(TYPE, id, {}, { round });
    const isGone = (n + round) % 3 === 0;
    const { revs } = await writerOf(n + 1).commit([write(id, isGone ? null : { round, n }, undefined, TYPE)]);
    want.set(id, [revs[0] ?? 0, isGone]);
  });
  const several = t.capabilities?.atomic === 'multi' ? [0, 1, 2, 3].map((n) => commitOfSeveral(writerOf(n), n, round, want)) : []; // prettier-ignore
  await Promise.all([...rest, ...several]);
}

/** Removes the first and the last, makes what was removed, and changes the others. */
async function commitOfSeveral(
  writer: Subject,
  group: number,
  round: number,
  want: Map<string, [number, boolean]>,
): Promise<void> {
  const ids = Array.from({ length: 9 }, (_, n) => `several-${group}-${n}`);
  if (round === 1) {
    // Revs that differ from instance to instance: one taken for that of another is seen.
    await Promise.all(ids.map(async (id, n) => {
      for (let times = 0; times <= n % 4; times++) await writer.persist(TYPE, id, {}, { times });
    })); // prettier-ignore
  }
  const gone = (n: number): boolean => (n + round) % 2 === 0;
  const writes = ids.map((id, n) => write(id, gone(n) ? null : { round }, undefined, TYPE));
  const { revs } = await writer.commit(writes);
  for (const [n, id] of ids.entries()) {
    const rev = revs[n] ?? 0;
    expectThat(rev > 0, 'a commit of several must take a rev for each of its writes', {
      got: exactText(revs),
    });
    want.set(id, [rev, gone(n)]);
  }
}
