import { exactText } from '../exact-text';
import { expectSame, fail } from '../expect';
import type { RuleContext } from '../rule-context';
import type { Subject } from '../subject';
import { DOC, LIST } from '../suite-schema';
import { ticks, turn } from '../turns';
import { write } from './write';

const TORN = 'The writes of a commit are made one by one, and a reader comes between them.';

/** Run readers, each again and again, until the work of a writer is done. */
export async function readWhile(
  work: () => Promise<void>,
  readers: readonly Subject[],
  look: (reader: Subject) => Promise<void>,
): Promise<void> {
  let done = false;
  const read = async (reader: Subject): Promise<void> => {
    for (let looks = 1; !done; looks++) {
      await look(reader);
      if (looks % 30 === 0) await turn();
    }
  };
  await Promise.all([...readers.map(read), work().finally(() => (done = true))]);
}

/** What is read later, of the instances of one commit, is not older than what was read before (rule M4). */
export async function expectNoFracture(
  t: RuleContext,
  handles: readonly Subject[],
  { name, size, commits, type = LIST }: { name: string; size: number; commits: number; type?: string },
): Promise<void> {
  const ids = Array.from({ length: size }, (_, i) => `m4-${name}-${i}`);
  const look = async (reader: Subject, id: string): Promise<number> =>
    Number(((await reader.load(type, id)) as { title: string } | null)?.title ?? -1);
  const work = async (): Promise<void> => {
    for (let n = 0; n < commits; n++) {
      const items = type === LIST ? { items: [{ id: 'i', title: String(n) }] } : {};
      const state = { id: 'l', title: String(n), ...items };
      const writes = t.random.shuffle(ids).map((id) => write(id, state, undefined, type));
      await t.random.pick(handles.slice(0, 2)).commit(writes);
      await ticks(t.random.below(30));
      if (t.random.below(6) === 0) await turn();
    }
  };
  const [store, other, third] = handles as [Subject, Subject, Subject];
  await readWhile(work, [store, other, third, other], async (reader) => {
    const [one, two] = [t.random.pick(ids), t.random.pick(ids)];
    const before = await look(reader, one);
    await ticks(t.random.below(3));
    const after = await look(reader, two);
    if (after >= before) return;
    fail('half of a commit was seen', {
      got: `one of ${size} instances at ${before}, then another still at ${after}`,
      want: 'both from the same commit, or the later read newer',
      cause: TORN,
    });
  });
}

/**
 * Commits that write one instance, and move another to and fro between two types: between two reads of
 * the first that are the same, no commit was made, and the rest is as that commit left it (rule M4).
 */
export async function expectWholeMoves(
  t: RuleContext,
  writer: Subject,
  ...readers: readonly Subject[]
): Promise<void> {
  const places = [
    [DOC, 'm4-even'],
    [LIST, 'm4-odd'],
    ['M4Moved', 'm4-odd'],
  ] as const;
  const numberOf = async (reader: Subject, type: string, id: string): Promise<unknown> =>
    ((await reader.loadVersioned(type, id))?.state as { n?: unknown } | undefined)?.n ?? null;
  const work = async (): Promise<void> => {
    for (let n = 0; n < 24; n++) {
      const moved = places.map(([type, id], i) =>
        write(id, (i === 0) === (n % 2 === 0) ? { n } : null, undefined, type),
      );
      await writer.commit(t.random.shuffle([write('m4-log', { n }), ...moved]));
      if (n % 3 === 0) await turn();
    }
  };
  await readWhile(work, [writer, ...readers], async (reader) => {
    const before = await numberOf(reader, DOC, 'm4-log');
    const found = await Promise.all(places.map(([type, id]) => numberOf(reader, type, id)));
    if (before === null || (await numberOf(reader, DOC, 'm4-log')) !== before) return;
    const want = places.map((_, i) => ((i === 0) === (Number(before) % 2 === 0) ? before : null));
    expectSame(
      found,
      want,
      `what commit ${exactText(before)} has moved, read between two reads of its mark`,
      TORN,
    );
  });
}
