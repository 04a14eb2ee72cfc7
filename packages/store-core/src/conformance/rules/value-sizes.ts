import { expectThat, fail } from '../expect';
import type { Rule } from '../rule';
import { rejection, type RuleContext } from '../rule-context';
import { DOC, LIST } from '../suite-schema';
import { inBatches } from './in-batches';

/** V17 and V18: deep states and large ones. */
export const sizeRules: readonly Rule[] = [
  {
    id: 'V17',
    title: 'a thousand levels of nesting work, and no depth ends in a RangeError',
    async check(t) {
      const cause = 'The state is walked recursively where the stack is too small.';
      for (const levels of [100, 998]) {
        await t.roundTrip(
          `v17-objects-${levels}`,
          { nested: nest(levels, (inner) => ({ a: inner })) },
          { cause },
        );
        await t.roundTrip(`v17-arrays-${levels}`, { nested: nest(levels, (inner) => [inner]) }, { cause });
      }
      const [store] = await t.pair();
      const earlier = { text: 'earlier' };
      await store.persist(DOC, 'v17', earlier, earlier);
      const error = await rejection(
        store.persist(DOC, 'v17', {}, { nested: nest(60_000, (inner) => [inner]) }),
      );
      if (error === undefined) return;
      t.checkCode(error.value, ['STORE_INVALID_STATE'], 'refusing 60,000 levels');
      if ((error.value as { name?: unknown } | undefined)?.name === 'RangeError') {
        fail('60,000 levels must be stored, or refused with a message', { got: 'RangeError', cause });
      }
      await t.expectLoad(store, 'v17', earlier, { what: 'the earlier state after a refusal', cause });
    },
  },
  {
    id: 'V18',
    title:
      'a string of 1 MiB, an array of 100,000 items and an object of 5,000 keys are kept; one of 16 MiB is not cut',
    async check(t) {
      await likeItems(t);
      await atBounds(t);
      await shorterAfterLong(t);
      const cause = 'A column, a packet or a page has a limit, and what is above it is cut or lost.';
      await t.roundTrip('v18-string', { text: 'é😀x'.repeat(2 ** 18), count: 1 }, { cause });
      await expectLongest(t, cause);
      await t.roundTrip(
        'v18-array',
        { tags: Array.from({ length: 100_000 }, (_, i) => i), count: 1 },
        { cause },
      );
      const many = Object.fromEntries(Array.from({ length: 5_000 }, (_, i) => [`k${i}`, i]));
      await t.roundTrip('v18-keys', many, { cause });
      await t.roundTrip('v18-nested-keys', { nested: many, tags: [many] }, { cause });
      // Between 1 and 2 MiB, together.
      const items = Array.from({ length: 2_000 }, (_, i) => ({
        id: `i${i}`,
        title: `item ${i} `.padEnd(700, 'x'),
        done: i % 3 === 0,
      }));
      await t.roundTrip('v18', { id: 'l', items }, { type: LIST, cause });
    },
  },
];

/** A text of 16 MiB is kept, or refused. It is compared as it is: its JSON, for messages, takes seconds. */
async function expectLongest(t: RuleContext, cause: string): Promise<void> {
  const [writer, reader] = await t.pair();
  const text = 'x'.repeat(2 ** 24);
  const error = await rejection(writer.persist(DOC, 'v18-longest', {}, { text }));
  if (error !== undefined) return t.checkCode(error.value, ['STORE_INVALID_STATE'], 'refusing 16 MiB');
  const loaded = (await reader.load(DOC, 'v18-longest')) as { text?: unknown } | null;
  const got = typeof loaded?.text === 'string' ? `${loaded.text.length} characters` : typeof loaded?.text;
  expectThat(loaded?.text === text, 'load after persist of a string of 16 MiB', { got, cause });
}

/** Arrays of like items, which a store may pack together, come back as they are. */
async function likeItems(t: RuleContext): Promise<void> {
  const cause =
    'Arrays of like items are packed: numbers in fewer bits, booleans in bytes, objects by column.';
  const of = (make: (i: number) => unknown) => Array.from({ length: 101 }, (_, i) => make(i));
  const keysByTurns = (i: number) =>
    i % 2 === 0 ? { id: `i${i}`, title: 'x', done: true } : { done: true, title: 'x', id: `i${i}` };
  const arrays = {
    fractions: of((i) => i + 0.1),
    small: of((i) => i - 50),
    large: of((i) => 2 ** 40 + i),
    unsigned: of((i) => 2 ** 32 - i),
    flags: of((i) => i % 3 === 0),
    flagsOrNull: of((i) => [true, false, null][i % 3]),
    texts: of((i) => String(i)),
    objects: of(keysByTurns),
    lessKeys: of((i) => (i === 0 ? { a: 1, b: 2 } : { a: 1 })),
    moreKeys: of((i) => (i === 0 ? { a: 1 } : { a: 1, b: 2 })),
    pairs: of((i) => [i, i + 0.5]),
  };
  await t.roundTrip('v18-like', { nested: arrays, ...arrays }, { cause });
  await t.roundTrip('v18-like', { id: 'l', items: arrays.objects }, { type: LIST, cause });
}

/** Texts, arrays and objects of the sizes at which counters, columns and pages end. */
async function atBounds(t: RuleContext): Promise<void> {
  const cause = 'A length is kept in one byte or two, or there is only so much room in a column or a page.';
  const bounds = [128, 256, 1_000, 4_096, 10_000];
  const check = async (size: number): Promise<void> => {
    const numbers = Array.from({ length: size }, (_, i) => i);
    const text = 'ab'.repeat(size).slice(0, size);
    const same = { title: 'same', meta: { n: [1] } };
    await Promise.all([
      t.roundTrip(
        `v18-${size}`,
        { tags: numbers, text, nested: { text: [text], same: numbers.slice(0, 1_000).map(() => same) } },
        { cause },
      ),
      t.roundTrip(
        `v18-${size}`,
        { id: 'l', items: numbers.map((i) => ({ id: `i${i}` })) },
        { type: LIST, cause },
      ),
    ]);
  };
  const texts = [32_767, 32_768, 65_534, 65_535, 65_536, 65_537].map((size) =>
    'é'.repeat(size / 2).padEnd(size, 'x'),
  );
  await inBatches(bounds, check, 4);
  await inBatches(texts, (text, i) =>
    t.roundTrip(`v18-text-${i}`, { text, nested: { [text]: text } }, { cause }),
  );
}

/** Nothing of a long state is left behind a shorter one, nor behind one that is created after a removal. */
async function shorterAfterLong(t: RuleContext): Promise<void> {
  const cause = 'A long state is kept in pieces, and those behind the end of a shorter one stay.';
  const long = { text: 'x'.repeat(200_000), tags: Array.from({ length: 1_000 }, (_, i) => `tag ${i}`) };
  const short = { a: 1 };
  for (const id of ['v18-shorter', 'v18-again']) await t.roundTrip(id, long, { cause });
  await t.roundTrip('v18-shorter', short, { cause });
  const [store] = await t.pair();
  const { remove, commit } = t.capabilities === undefined ? {} : store.raw;
  if (typeof remove === 'function') await store.remove(DOC, 'v18-again');
  else if (typeof commit !== 'function') return;
  else await store.commit([{ type: DOC, id: 'v18-again', diff: {}, full: null }]);
  await t.roundTrip('v18-again', short, { cause, what: 'load after it was removed and created again' });
}

function nest(levels: number, wrap: (inner: unknown) => unknown): unknown {
  let nested: unknown = 'innermost';
  for (let i = 0; i < levels; i++) nested = wrap(nested);
  return nested;
}
