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
  for (const separator of [':', '|', '/', '.', '#', ',', '']) {
    const [one, two] = [`M7b${separator}c`, `M7a${separator}M7b`];
    const what = `a commit of ("M7a", ${preview(one)}) and (${preview(two)}, "c")`;
    const writes = [write(one, {}, undefined, 'M7a'), write('c', {}, undefined, two)];
    const error = await rejection(store.commit(writes));
    if (error === undefined) continue;
    const got = describeError(error.value);
    expectThat(t.isCode(error.value, 'STORE_INVALID_KEY'), `${what} must be made`, { got, cause });
  }
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
      expectThat(length % 3 === 0, 'a list must have all that a commit creates, or nothing of it', {
        got: `${length} ids, while commits create three at a time`,
        cause: 'The writes of a commit are made one by one, or the ids are kept apart from the states.',
      });
      await ticks(t.random.below(3));
      if (looks % 30 === 0) await turn();
    }
  };
  const reading = Promise.all([writer, ...readers, ...readers].map(look));
  const writing = async (): Promise<void> => {
    for (let round = 0; round < 20; round++) {
      await writer.commit([0, 1, 2].map((i) => write(`${round}-${i}`, {}, undefined, type)));
      await turn();
    }
  };
  await Promise.all([reading, writing().finally(() => (done = true))]);
}
