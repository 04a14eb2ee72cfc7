import type { RuleContext } from '../rule-context';
import { LIST } from '../suite-schema';
import { inBatches } from './in-batches';

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
  await keysApart(t, `${id}-case`, ['note', 'Note', 'NOTE'], 'Keys are compared without case.');
  await inBatches([64, 256, 65_536], async (length) => {
    const long = 'k'.repeat(length - 1);
    await keysApart(t, `${id}-long-${length}`, [`${long}a`, `${long}b`, long], 'Long keys are cut.');
  });
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
