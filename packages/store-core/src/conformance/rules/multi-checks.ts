import { describeError } from '../describe-error';
import { expectThat } from '../expect';
import { preview } from '../preview';
import { rejection, type RuleContext } from '../rule-context';
import type { Subject } from '../subject';
import { ticks, turn } from '../turns';
import { readWhile } from './whole-commits';
import { write } from './write';

/** Instances whose names are the same when they are joined are two (rule M7). */
export async function expectJoinedNamesApart(t: RuleContext, store: Subject): Promise<void> {
  const cause = 'Instances are compared by type and id joined into one text.';
  const check = async (separator: string): Promise<void> => {
    const [one, two] = [`M7b${separator}c`, `M7a${separator}M7b`];
    const what = `a commit of ("M7a", ${preview(one)}) and (${preview(two)}, "c")`;
    const writes = [write(one, {}, undefined, 'M7a'), write('c', {}, undefined, two)];
    const error = await rejection(store.commit(writes));
    if (error === undefined) return;
    const got = describeError(error.value);
    expectThat(t.isCode(error.value, 'STORE_INVALID_KEY'), `${what} must be made`, { got, cause });
  };
  await Promise.all([':', '|', '/', '.', '#', ',', ''].map(check));
}

/** A list has all that a commit has created and nothing that it has removed, or the other way round (rule M4). */
export async function expectWholeLists(
  t: RuleContext,
  writer: Subject,
  ...readers: readonly Subject[]
): Promise<void> {
  const type = 'M4Listed';
  const ids = (round: number) => [0, 1, 2].map((i) => `${round}-${i}`);
  // Three come with each commit; with every second one three others go.
  const rounds = Array.from({ length: 20 }, (_, round) => round);
  const gone = (round: number) => (round % 2 === 1 ? ids(round - 1) : []);
  const textOf = (listed: readonly string[]): string => listed.toSorted().join(' ');
  const after = (last: number) => {
    const removed = new Set(rounds.slice(0, last + 1).flatMap(gone));
    return rounds
      .slice(0, last + 1)
      .flatMap(ids)
      .filter((id) => !removed.has(id));
  };
  const whole = new Set(['', ...rounds.map((round) => textOf(after(round)))]);
  const work = async (): Promise<void> => {
    for (const round of rounds) {
      const removals = gone(round).map((id) => write(id, null, undefined, type));
      const creations = ids(round).map((id) => write(id, {}, undefined, type));
      await writer.commit(t.random.shuffle([...creations, ...removals]));
      if (round % 2 === 0) await turn();
    }
  };
  await readWhile(work, [writer, ...readers], async (reader) => {
    const listed = textOf(await reader.list(type));
    expectThat(whole.has(listed), 'a list must be as a commit left it', {
      got: listed,
      want: 'three ids of each commit, without the three that every second one removes',
      cause: 'The writes of a commit are made one by one, or the ids are kept apart from the states.',
    });
    await ticks(t.random.below(3));
  });
}
