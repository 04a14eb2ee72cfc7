import { diffState } from '../../diff-state';
import type { RuleContext } from '../rule-context';
import { DOC, LIST } from '../suite-schema';
import { inBatches } from './in-batches';

const CAUSE =
  'What is there is compared with what comes before it is written – by a checksum, a length, a version within the state, the names of its keys, a folded text – and taken for the same.';

const LONG = 'x'.repeat(300);

/** Two values each that a checksum, a comparison or a text of their own takes for the same. */
const PAIRS: readonly (readonly [unknown, unknown])[] = [
  // Equal sums, lengths, and short hashes: by 31, by 33, CRC-32, Adler-32.
  ...pairs(
    ['ab', 'ba'],
    ['Aa', 'BB'],
    ['Az', 'BY'],
    ['plumless', 'buckeroo'],
    ['abba', 'baab'],
    ['one', 'two'],
  ),
  ...pairs(
    [`${LONG}a`, `${LONG}b`],
    [`a${LONG}`, `b${LONG}`],
    [12, 21],
    [10, 19],
    [true, null],
    [
      [1, 20],
      [2, 10],
    ],
  ),
  // Without order, or repetition.
  ...pairs(
    [
      { a: 1, b: 2 },
      { b: 2, a: 1 },
    ],
    [
      [1, 2, 3],
      [3, 2, 1],
    ],
    [
      [1, 1, 2],
      [1, 2, 2],
    ],
    [['a'], ['a', 'a']],
  ),
  ...pairs(
    [
      { a: 1, b: 2 },
      { a: 2, b: 1 },
    ],
    [
      [{ a: 1 }, { b: 1 }],
      [{ b: 1 }, { a: 1 }],
    ],
    [{ a: 1 }, { b: 1 }],
  ),
  // Folded.
  ...pairs(
    ['straße', 'STRASSE'],
    ['é', 'e\u0301'],
    ['ﬁ', 'fi'],
    ['Å', 'Å'],
    ['a\r\nb', 'a\nb'],
    ['a  b', 'a b'],
  ),
  ...pairs(
    ['résumé', 'resume'],
    ['a\u200bb', 'ab'],
    ['a-b', 'a_b'],
    ['x.', 'x'],
    ['１', '1'],
    ['I', 'ı'],
    ['a b', 'ab'],
  ),
  ...pairs(
    [{ A: 1 }, { a: 1 }],
    [{ é: 1 }, { 'e\u0301': 1 }],
    [{ 'a ': 1 }, { a: 1 }],
    [{ 'a.b': 1 }, { a: { b: 1 } }],
  ),
  ...pairs(
    ['2024-01-01T00:00:00Z', '2024-01-01T00:00:00.000Z'],
    ['2024-01-01T01:00:00+01:00', '2024-01-01T00:00:00Z'],
  ),
  ...pairs(
    ['A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'],
    ['file2', 'file02'],
  ),
  // Near numbers, and those that are one number in fewer bits.
  ...pairs(
    [2 ** 24, 2 ** 24 + 1],
    [1, 2 ** 32 + 1],
    [-1, 2 ** 32 - 1],
    [2 ** 31, -(2 ** 31)],
    [0.001, 0.002],
    [1, 1.4],
  ),
  ...pairs(
    [2 ** 53, 2 ** 53 + 2],
    [0.1 + 0.2, 0.3],
    [1, 1 + Number.EPSILON],
    [0, 5e-324],
    [1, 257],
    [1, 65_537],
    [1, -1],
  ),
  // The same for a loose comparison, a text of their own, or a look at the names only.
  ...pairs(
    [1, '1'],
    [0, false],
    [1, true],
    ['', 0],
    [null, 0],
    ['null', null],
    ['', null],
    [[], ''],
    [{}, []],
  ),
  ...pairs(
    [[], null],
    [{}, null],
    [[1], 1],
    [[1, 2], '1,2'],
    [['a', 'b'], ['a,b']],
    [
      ['ab', 'c'],
      ['a', 'bc'],
    ],
  ),
  ...pairs(
    [
      [[1], 2],
      [1, [2]],
    ],
    [[[1, 2]], [1, 2]],
    [{ a: 1 }, { a: 2 }],
    [{}, { a: null }],
    [[null], []],
  ),
  ...pairs([[[]], []], [[{}], []], [{ 0: 'a' }, ['a']], ['{"a":1}', { a: 1 }], ['[object Object]', { a: 1 }]),
  ...pairs([{ a: { b: { c: { d: 1 } } } }, { a: { b: { c: { d: 2 } } } }], [[[[[1]]]], [[[[2]]]]]),
  // With a version that says that nothing has changed, or that this is the older one.
  ...[
    'rev',
    '_rev',
    'version',
    '_version',
    '__v',
    'updatedAt',
    'updated_at',
    '_ts',
    'etag',
    '_etag',
    'hash',
    'id',
  ].flatMap((name) =>
    pairs(
      [
        { [name]: 5, x: 1 },
        { [name]: 5, x: 2 },
      ],
      [
        { [name]: '5', x: 1 },
        { [name]: '4', x: 2 },
      ],
    ),
  ),
];

function pairs(...all: readonly (readonly [unknown, unknown])[]): typeof all {
  return all;
}

/** Where in a state a value can be. */
const PLACES: readonly (readonly [type: string, state: (value: unknown) => object])[] = [
  [DOC, (value) => ({ id: 'd', text: value, count: 1 })],
  [DOC, (value) => ({ id: 'd', other: value })],
  [DOC, (value) => ({ id: 'd', nested: { a: [{ b: { c: [value] } }] }, count: 1 })],
  [LIST, (value) => ({ id: 'l', items: [{ id: 'i', title: value }, { id: 'j' }] })],
  [LIST, (value) => ({ id: 'l', items: [{ id: 'i', meta: { deep: [{ value }] } }] })],
];

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What looks equal to what is there is written over it, both ways round, whatever the diff says. */
export async function expectEqualLookingWritten(t: RuleContext, id: string): Promise<void> {
  const placed = PAIRS.flatMap(([one, two], i) => [
    ...PLACES.map(([type, state], n) => ({ type, id: `${id}-${i}-${n}`, one: state(one), two: state(two) })),
    ...(isObject(one) && isObject(two) ? [{ type: DOC, id: `${id}-${i}-root`, one, two }] : []),
  ]);
  await inBatches(placed, ({ type, id: at, one, two }) => swap(t, type, at, one, two), 350);
}

/** States that differ at random are written over each other: some are equal for a short hash. */
export async function expectRandomChanges(t: RuleContext, id: string): Promise<void> {
  const [store] = await t.pair();
  const numbers = Array.from({ length: 300 }, (_, i) => i);
  await inBatches(numbers, async (i) => {
    for (let step = 0; step < 8; step++) {
      const full = { id: 'd', text: `${step} ${t.random.next()}` };
      await store.persist(DOC, `${id}-${i}`, {}, full);
      const what = `load after step ${step + 1} of writing random texts over each other`;
      await t.expectLoad(store, `${id}-${i}`, full, { what, cause: CAUSE });
    }
  });
}

async function swap(t: RuleContext, type: string, id: string, one: object, two: object): Promise<void> {
  const [store, other] = await t.pair();
  const steps: readonly (readonly [diff: Record<string, unknown> | null, full: object])[] = [
    [one as Record<string, unknown>, one],
    [diffState(one, two), two],
    [{}, one],
    [{ id: 'd' }, two],
    [null, one],
  ];
  for (const [i, [diff, full]] of steps.entries()) {
    await store.persist(type, id, diff, full);
    const what = `load after step ${i + 1} of writing two states that look equal over each other`;
    await t.expectLoad(i % 2 === 0 ? store : other, id, full, { type, what, cause: CAUSE });
  }
}
