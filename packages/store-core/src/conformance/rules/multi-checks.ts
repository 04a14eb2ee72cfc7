import { describeError } from '../describe-error';
import { expectThat } from '../expect';
import { preview } from '../preview';
import { rejection, type RuleContext } from '../rule-context';
import type { Subject } from '../subject';
import { ticks, turn } from '../turns';
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

/** A list has all that a commit has created, or nothing of it (rule M4). */
export async function expectWholeLists(
  t: RuleContext,
  writer: Subject,
  ...readers: readonly Subject[]
): Promise<void> {
  const type = 'M4Listed';
  let done = false;
  const look = async (reader: Subject): Promise<void> => {
    for (let looks = 1; !done; looks++) {
      const { length } = await reader.list(type);
      expectThat(
        length % 3 === 0,
        'a list must have all that a commit creates and nothing that it removes, or the other way round',
        {
          got: `${length} ids, while commits create and remove three at a time`,
          cause: 'The writes of a commit are made one by one, or the ids are kept apart from the states.',
        },
      );
      await ticks(t.random.below(3));
      if (looks % 30 === 0) await turn();
    }
  };
  const reading = Promise.all([writer, ...readers, ...readers].map(look));
  const writing = async (): Promise<void> => {
    const three = (round: number, full: object | null) =>
      [0, 1, 2].map((i) => write(`${round}-${i}`, full, undefined, type));
    for (let round = 0; round < 20; round++) {
      // Each fourth time others go as these come.
      const removed = round % 4 === 3 ? three(round - 1, null) : [];
      await writer.commit(t.random.shuffle([...three(round, {}), ...removed]));
      if (round % 2 === 0) await turn();
    }
  };
  await Promise.all([reading, writing().finally(() => (done = true))]);
}
