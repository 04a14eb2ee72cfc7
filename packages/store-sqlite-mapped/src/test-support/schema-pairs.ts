import fc from 'fast-check';

/** A mapping and a schema, and the documents of its root type in the order in which to persist them. */
export interface SchemaPair {
  mapping: Record<string, unknown>;
  schema: { $defs: Record<string, unknown> };
  documents: Record<string, unknown>[];
}

/** Names that meet: by case, with columns of ours, with foreign keys, with SQL. */
const NAMES = [
  'id', 'title', 'Title', 'done', 'n', 'items', 'parts', 'tags', 'a_id', 'b_id', '_na_pos', '_na_overflow', 'select',
  'a"b', "it's", '', '__proto__', 'constructor', 'toString', '1', '日本', 'rowid', 'x\0y', '\ud800', 'values', 'order',
]; // prettier-ignore
const TYPES = ['A', 'B', 'C', 'D'];

const name = fc.constantFrom(...NAMES);

const scalar = fc.oneof(
  fc.constantFrom<unknown>(null, true, false, 0, 1, -0, 1.5, 2 ** 53, 2 ** 53 - 1, -1e300, 5e-324, '', '1', 'null', 'true'),
  fc.string({ unit: 'binary', maxLength: 4 }),
  fc.constantFrom('\ud800', 'a\0b', '{"a":1}', '[1]', '0', '1'),
); // prettier-ignore

const anyValue: fc.Arbitrary<unknown> = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    scalar,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.array(fc.tuple(name, tie('value')), { maxLength: 3 }).map((entries) => Object.fromEntries(entries)),
  ),
})).value;

const leafSchema = fc.constantFrom<unknown>(
  { type: 'string' }, { type: 'boolean' }, { type: 'integer' }, { type: 'number' }, { type: ['string', 'null'] },
  { type: ['boolean', 'null'] }, { type: ['string', 'number'] }, { type: 'object' }, { type: 'array' }, {}, true,
  { enum: ['a', 'b'] }, { enum: [0, 1, true] }, { const: 1 }, { anyOf: [{ type: 'string' }, { type: 'boolean' }] },
  { oneOf: [{ type: 'integer' }, { type: 'null' }] }, { allOf: [{ type: 'number' }, { minimum: 0 }] },
  { type: 'array', items: { type: 'string' } }, { type: 'array', items: { type: 'object', properties: {} } },
  { type: 'array', items: { type: 'array' } }, { $ref: '#/$defs/Plain' }, { $ref: '#' }, { $ref: 'other.json#/$defs/T' },
); // prettier-ignore

const listSchema = fc.tuple(fc.constantFrom(...TYPES), fc.nat(2)).map(([type, form]): unknown => {
  const list = { type: 'array', items: { $ref: `#/$defs/${type}` } };
  if (form === 0) return list;
  return form === 1 ? { anyOf: [list, { type: 'null' }] } : { type: ['array', 'null'], items: list.items };
});

const typeSchema = fc
  .array(
    fc.tuple(name, fc.oneof({ weight: 2, arbitrary: leafSchema }, { weight: 3, arbitrary: listSchema })),
    {
      maxLength: 5,
    },
  )
  .chain((properties) =>
    fc.constantFrom<Record<string, unknown>>(
      { type: 'object', properties: Object.fromEntries(properties) },
      { properties: Object.fromEntries(properties), required: properties.map(([property]) => property) },
      { allOf: [{ properties: Object.fromEntries(properties) }, { type: 'object' }] },
    ),
  );

/** A value as a schema would have it, now and then another one. */
function valueOf(schema: unknown, defs: Record<string, unknown>, depth: number): fc.Arbitrary<unknown> {
  const { $ref, type, items, anyOf } = (typeof schema === 'object' && schema !== null ? schema : {}) as {
    $ref?: string;
    type?: string | string[];
    items?: unknown;
    anyOf?: unknown[];
  };
  if (depth > 5) return scalar;
  if (anyOf !== undefined) return valueOf(anyOf[0], defs, depth);
  const def = $ref?.startsWith('#/$defs/') ? defs[$ref.slice(8)] : undefined;
  if (def !== undefined)
    return fc.oneof({ weight: 9, arbitrary: objectOf(def, defs, depth) }, { weight: 1, arbitrary: scalar });
  if (items !== undefined) {
    const item = valueOf(items, defs, depth + 1);
    const array = fc.array(item, { maxLength: depth > 1 ? 2 : 4 });
    return fc.oneof({ weight: 9, arbitrary: array }, { weight: 1, arbitrary: anyValue });
  }
  if (type === 'string') return fc.oneof(fc.constantFrom('a', 'b', 'c', ''), anyValue);
  if (type === 'boolean') return fc.oneof(fc.boolean(), scalar);
  return anyValue;
}

/** An object of a type, with properties missing, unknown ones, and in any order. */
function objectOf(
  def: unknown,
  defs: Record<string, unknown>,
  depth: number,
): fc.Arbitrary<Record<string, unknown>> {
  const { properties, allOf } = def as {
    properties?: Record<string, unknown>;
    allOf?: { properties?: Record<string, unknown> }[];
  };
  const known = Object.entries(properties ?? allOf?.[0]?.properties ?? {});
  const entries = known.map(([key, schema]) =>
    fc.option(
      valueOf(schema, defs, depth + 1).map((value) => [key, value] as const),
      { freq: 5 },
    ),
  );
  const key = fc.option(fc.constantFrom<unknown>('1', '2', '3', 1, 'root'), { freq: 4 }).map((id) => id === null ? null : (['id', id] as const)); // prettier-ignore
  const unknown = fc.option(fc.tuple(name, anyValue), { freq: 3 });
  return fc
    .tuple(fc.tuple(...entries), key, unknown, fc.boolean(), fc.nat())
    .map(([own, id, other, shuffled, seed]) => {
      const all = [id, ...own, other].filter((entry) => entry !== null);
      return Object.fromEntries(shuffled ? rotate(all, seed) : all) as Record<string, unknown>;
    });
}

function rotate<T>(list: T[], by: number): T[] {
  const at = list.length === 0 ? 0 : by % list.length;
  return [...list.slice(at), ...list.slice(0, at)];
}

/** Edits of a list: what apps do. */
function edited(document: Record<string, unknown>, edit: number, at: number): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(document).map(([key, value]) => [
      key,
      Array.isArray(value) ? editedList(value, edit, at) : value,
    ]),
  );
}

function editedList(list: unknown[], edit: number, at: number): unknown[] {
  const i = list.length === 0 ? 0 : at % list.length;
  const rest = list.filter((_, j) => j !== i);
  const item = list[i];
  if (list.length === 0) return list;
  switch (edit % 6) {
    case 0: return rest; // prettier-ignore
    case 1: return [...rest, item]; // prettier-ignore
    case 2: return [item, ...rest]; // prettier-ignore
    case 3: return list.toReversed(); // prettier-ignore
    case 4: return [...list, item]; // prettier-ignore
    default:
      return list.map((one, j) =>
        j === i && typeof one === 'object' && one !== null && !Array.isArray(one)
          ? edited({ ...one, title: 'edited' }, at, edit)
          : one,
      );
  }
}

/** Pairs of schema and documents; the documents conform, nearly. */
export const schemaPairs: fc.Arbitrary<SchemaPair> = fc
  .tuple(
    fc.tuple(typeSchema, typeSchema, typeSchema, typeSchema),
    fc.subarray(TYPES, { minLength: 1 }),
    fc.boolean(),
  )
  .chain(([schemas, mapped, deep]) => {
    const $defs: Record<string, unknown> = Object.fromEntries(
      schemas.map((schema, i) => [TYPES[i] as string, schema]),
    );
    $defs.Plain = { type: 'object', properties: { x: { type: 'string' } } };
    if (deep) chainTypes($defs);
    const mapping = Object.fromEntries(
      mapped.map((type) => [type, { 'x-na:store': { entity: `${type.toLowerCase()}s`, pk: 'id' } }]),
    );
    const steps = fc.array(fc.tuple(fc.nat(6), fc.nat(), objectOf($defs.A, $defs, 0)), {
      minLength: 1,
      maxLength: 4,
    });
    return steps.map((all) => {
      const documents: Record<string, unknown>[] = [];
      for (const [edit, at, fresh] of all) {
        const last = documents.at(-1);
        documents.push(last === undefined || edit === 6 ? fresh : edited(last, edit, at));
      }
      return { mapping, schema: { $defs }, documents };
    });
  });

/** A → B → C → D through arrays, four levels deep. */
function chainTypes($defs: Record<string, unknown>): void {
  const next: Record<string, string> = { A: 'B', B: 'C', C: 'D' };
  for (const [type, child] of Object.entries(next)) {
    const list = { type: 'array', items: { $ref: `#/$defs/${child}` } };
    $defs[type] = {
      properties: {
        id: { type: 'string' },
        items: list,
        title: { type: 'string' },
        done: { type: 'boolean' },
      },
    };
  }
  $defs.D = { properties: { id: { type: 'string' }, n: { type: 'integer' } } };
}
