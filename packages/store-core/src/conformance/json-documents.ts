import * as fc from 'fast-check';
import { setOwn } from '../set-own';

/** Any character. What fast-check has for it makes a table of all million of them when it is loaded. */
const unit: fc.Arbitrary<string> = fc
  .integer({ min: 0, max: 0x10_f7ff })
  .map((n) => String.fromCodePoint(n < 0xd800 ? n : n + 0x800));

/** Keys that are awkward somewhere, those of the suite's own types, and any others. */
const keys: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    'id',
    'text',
    'count',
    'ratio',
    'flag',
    'day',
    'nested',
    'tags',
    'title',
    'items',
    'archive',
  ),
  fc.constantFrom('__proto__', 'constructor', 'toString', '', 'a.b', '$set', '0', '10', 'id ', 'ID', 'data'),
  fc.string({ unit, maxLength: 6 }),
);

const texts: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit, maxLength: 12 }),
  fc.constantFrom('', '007', 'null', 'true', '1e3', '{}', '[]', '2024-02-29', "'", 'e\u0301', '\u2028'),
);

const numbers: fc.Arbitrary<number> = fc.oneof(
  fc.maxSafeInteger(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => (Object.is(n, -0) ? 0 : n)),
  fc.constantFrom(0, 1, -1, 2 ** 53, 2 ** 63, 1e21),
);

/** JSON values of every kind; objects may have any keys, `__proto__` included. */
export const jsonValues: fc.Arbitrary<unknown> = fc.letrec<{ value: unknown; object: object }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    fc.oneof(texts, numbers, fc.boolean(), fc.constant(null)),
    fc.array(tie('value'), { maxLength: 5 }),
    tie('object'),
  ),
  object: fc.array(fc.tuple(keys, tie('value')), { maxLength: 5 }).map(objectOf),
})).value;

/** JSON objects. */
export const jsonDocuments: fc.Arbitrary<object> = fc
  .array(fc.tuple(keys, jsonValues), { maxLength: 8 })
  .map(objectOf);

/** An object of entries; the last of a key counts. */
export function objectOf(entries: readonly (readonly [string, unknown])[]): object {
  const object = {};
  for (const [key, value] of entries) setOwn(object, key, value);
  return object;
}

/** Whether a text of JSON holds what some backends cannot: NUL, or half a surrogate pair. */
export function isHardToHold(json: string): boolean {
  return /\\u0000|\\ud[89a-f]/i.test(json);
}

/** JSON values that every backend can hold. */
export const easyValues: fc.Arbitrary<unknown> = jsonValues.filter(
  (value) => !isHardToHold(JSON.stringify(value)),
);
