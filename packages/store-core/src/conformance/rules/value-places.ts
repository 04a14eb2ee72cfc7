import type { RuleContext } from '../rule-context';
import { LIST } from '../suite-schema';

/** A value at the root, nested, in an array, as a value of each type of column, and in list items. */
export async function everywhere(t: RuleContext, id: string, value: unknown, cause?: string): Promise<void> {
  const columns = { id: value, text: value, count: value, ratio: value, flag: value, day: value };
  const doc = { ...columns, other: value, nested: { value }, tags: [value, [value]] };
  const item = { id: value, title: value, done: value, rank: value, meta: { value }, other: value };
  const list = { id: value, title: value, items: [item, value, { id: 'plain' }] };
  await Promise.all([t.roundTrip(id, doc, { cause }), t.roundTrip(id, list, { type: LIST, cause })]);
}

/** Keys that differ by case, or at the end of long ones, are all kept. */
export async function similarKeys(t: RuleContext, id: string): Promise<void> {
  const long = [64, 256, 65_536].map((length) => 'k'.repeat(length - 1));
  const groups: [name: string, keys: string[], cause: string][] = [
    ['case', ['note', 'Note', 'NOTE'], 'Keys are compared without case.'],
    [
      'blanks',
      ['a b', 'a  b', 'ab', 'a\tb', 'a\u00a0b', ' ab', 'ab '],
      'Blanks in keys are trimmed or collapsed.',
    ],
    ['lines', ['a\nb', 'a\r\nb', 'a\rb', 'a\u0085b', 'a\u2028b'], 'Line ends in keys are converted.'],
    ['forms', ['\u00e9', 'e\u0301', '\ufb01', 'fi', '\u212b', '\u00c5'], 'Keys are normalised.'],
    [
      'ignored',
      ['ab', 'a\u200bb', 'a\ufeffb', 'a\u00adb', 'a\u200db'],
      'Characters that nobody sees are dropped.',
    ],
    ['marks', ['a_b', 'a-b', 'a.b', 'aB', 'a b', 'a/b', 'a:b'], 'Keys are turned into names of columns.'],
    ...long.map((text): [string, string[], string] => [
      `long-${text.length}`,
      [`${text}a`, `${text}b`, text],
      'Long keys are cut.',
    ]),
  ];
  await Promise.all(groups.map(([name, keys, cause]) => keysApart(t, `${id}-${name}`, keys, cause)));
}

/** Values under these keys can be changed, at the root, nested, and in list items. */
export async function changedUnderKeys(t: RuleContext, id: string, keys: readonly string[]): Promise<void> {
  const cause = 'An update takes a key for a path or a pointer, and changes nothing, or something else.';
  for (const start of [0, 100, 200]) {
    const object = Object.fromEntries(keys.map((key, i) => [key, start + i]));
    await t.roundTrip(id, { ...object, nested: object, tags: [object] }, { cause });
    const item = { id: 'i', ...object, meta: object };
    await t.roundTrip(id, { id: 'l', items: [item], ...object }, { type: LIST, cause });
  }
}

/** Properties of these names, at the root, nested, and in list items, are all kept. */
async function keysApart(t: RuleContext, id: string, keys: readonly string[], cause: string): Promise<void> {
  const object = Object.fromEntries(keys.map((key, i) => [key, i]));
  await t.roundTrip(id, { ...object, nested: object, tags: [object] }, { cause });
  await t.roundTrip(id, { id: 'l', items: [{ id: 'i', ...object, meta: object }] }, { type: LIST, cause });
}

/** Objects without a prototype, at every depth, are JSON objects. */
export async function withoutPrototypes(t: RuleContext, id: string): Promise<void> {
  const cause = 'An object is told from a class instance by a prototype that it must have.';
  const item = bare({ id: 'i', title: 'bare', meta: bare({ n: 1 }) });
  await t.roundTrip(id, bare({ text: 'bare', nested: bare({ deep: [bare({ n: 1 })] }) }), { cause });
  await t.roundTrip(id, bare({ id: 'l', items: [item, bare({})] }), { type: LIST, cause });
}

function bare(object: object): object {
  return Object.assign(Object.create(null) as object, object);
}
