import { fail } from '../expect';
import { bothWays } from '../both-ways';
import type { Rule } from '../rule';
import { DOC, LIST } from '../suite-schema';
import { HOLLOW, SHAPES } from './odd-shapes';
import { inBatches } from './in-batches';
import { changedUnderKeys, everywhere, similarKeys, withoutPrototypes } from './value-places';
import { reservedNames } from './reserved-names';
import { rewrittenKeys, rewrittenTexts } from './rewritten-texts';
import { sizeRules } from './value-sizes';

/** Names that mean something else somewhere. */
const KEYS = [
  '',
  'a.b',
  'a',
  '$x',
  '$set',
  'q[0]',
  '/',
  '~1',
  '*',
  '"',
  "'",
  '`',
  '\\',
  ' ',
  ' a',
  'a ',
  '0',
  '1e3',
  '-1',
  'é',
  '💥',
  'a:b',
  '%',
  '_na_position',
  'a\uff0eb',
  '\uff04x',
  'a/b',
  'a~b',
  'length',
  '_id',
  '_rev',
  'rowid',
  'data',
  'select',
];

/** Group V, first half: values that JSON can say come back as they were. */
export const valueRules: readonly Rule[] = bothWays([
  {
    id: 'V1',
    title: 'control characters, NUL, line separators and emoji are kept',
    async check(t) {
      const controls = Array.from({ length: 31 }, (_, i) => String.fromCharCode(i + 1)).join('');
      const texts = [
        controls,
        '\u007f\u0080\u009f',
        'a\u2028b\u2029c',
        '\ufeffbom',
        '👩‍👩‍👧‍👦 🇮🇪 𝒳',
        '\\u0000 \\n "quoted" \\',
        '\uffff\ufffe',
        '\ue000\uf8ff\u{f0000}\u{10fffd}',
      ];
      await inBatches(texts, (text, i) => everywhere(t, `v1-${i}`, text));
      await t.roundTripOrRefusal('v1-nul', {
        text: 'a\u0000b',
        nested: { '\u0000': '\u0000' },
        tags: ['\u0000'],
      });
    },
  },
  {
    id: 'V2',
    title: 'lone surrogates are kept, or refused',
    async check(t) {
      const cause =
        'The text goes through UTF-8, which turns them into U+FFFD: keep the escapes of JSON.stringify.';
      const texts = ['\ud800', 'a\udc00b', '\udc00\ud800', '\ud83d'];
      await inBatches(texts, async (text, i) => {
        const list = {
          id: 'l',
          items: [
            { id: text, title: text },
            { id: '\ufffd', title: text },
          ],
        };
        await Promise.all([
          t.roundTripOrRefusal(`v2-${i}`, { text, nested: { text }, tags: [text] }, { cause }),
          t.roundTripOrRefusal(`v2-key-${i}`, { nested: { [text]: 1 }, [text]: 2 }, { cause }),
          t.roundTripOrRefusal(`v2-list-${i}`, list, { type: LIST, cause }),
        ]);
      });
    },
  },
  {
    id: 'V3',
    title: 'composed and decomposed characters stay different',
    async check(t) {
      const cause = 'The store normalises Unicode.';
      const text = { nfc: '\u00e9\u1e9b\u0323', nfd: 'e\u0301\u017f\u0323\u0307', compatibility: 'ﬁ①Å' };
      await t.roundTrip(
        'v3',
        { ...text, text: text.nfd, nested: { '\u00e9': 1, 'e\u0301': 2 }, tags: Object.values(text) },
        { cause },
      );
    },
  },
  {
    id: 'V4',
    title: 'extreme numbers are exact, and integers never become strings',
    async check(t) {
      const cause = 'Numbers go through a column or a parser of another precision.';
      const numbers = [
        1,
        -1,
        127,
        2 ** 31,
        -(2 ** 31) - 1,
        2 ** 32,
        Number.MAX_SAFE_INTEGER,
        Number.MIN_SAFE_INTEGER,
        2 ** 53,
        2 ** 53 + 2,
        2 ** 63,
        -(2 ** 63),
        2 ** 64,
        1e21,
        1e22,
        123456789012345680000,
        0.1,
        0.1 + 0.2,
        1e-7,
        1.5,
        -1.5,
        5e-324,
        2.2250738585072014e-308,
        Number.MAX_VALUE,
        -Number.MAX_VALUE,
        Number.EPSILON,
        1 / 3,
        100,
        1e100,
      ];
      await inBatches(numbers, (number, i) => everywhere(t, `v4-${i}`, number, cause));
      await t.roundTrip('v4-all', { nested: { numbers } }, { cause });
    },
  },
  {
    id: 'V5',
    title: 'negative zero is stored as zero',
    async check(t) {
      const zero = (z: number) => ({
        count: z,
        ratio: z,
        other: z,
        nested: { z, list: [z, [z]] },
        tags: [z],
      });
      const list = (z: number) => ({ id: 'l', items: [{ id: 'i', rank: z, meta: { z } }, z] });
      const cause = 'Values are kept without going through JSON.';
      await t.roundTrip('v5', zero(-0), { want: zero(0), cause });
      await t.roundTrip('v5', list(-0), { type: LIST, want: list(0), cause });
    },
  },
  {
    id: 'V12',
    title:
      'own keys named like members of Object.prototype are kept, and pollute nothing; no prototype is needed',
    async check(t) {
      const cause =
        'The state is copied by assignment (`copy[key] = …`), where `__proto__` sets the prototype.';
      const text =
        '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":2}},"hasOwnProperty":3,"toString":null,"valueOf":"x","prototype":[]}';
      const make = () => JSON.parse(text) as Record<string, unknown>;
      await t.roundTrip('v12', make(), { cause });
      await t.roundTrip('v12-deep', { nested: make(), tags: [make()] }, { cause });
      const item = JSON.parse('{"id":"i","__proto__":{"x":1},"hasOwnProperty":2}') as object;
      await t.roundTrip('v12', { id: 'l', items: [item, make()] }, { type: LIST, cause });
      const [store] = await t.pair();
      await store.persist(DOC, 'v12', make(), make());
      await t.expectLoad(store, 'v12', make(), { what: 'load after persisting it as diff and full', cause });
      await withoutPrototypes(t, 'v12-bare');
      const plain = [{}, JSON.parse('{}') as object, (await store.load(DOC, 'v12-deep')) as object];
      for (const object of plain) {
        if ('polluted' in object) fail('Object.prototype must not be polluted', { cause });
      }
    },
  },
  {
    id: 'V13',
    title: 'empty, long and mixed-case keys, and those with dots, dollars and brackets, are plain keys',
    async check(t) {
      const cause = 'A key is taken for a path, an operator, or a column of the store, or a text is trimmed.';
      const object = Object.fromEntries(KEYS.map((key, i) => [key, i]));
      await t.roundTrip('v13', object, { cause });
      await t.roundTrip(
        'v13-deep',
        { nested: object, tags: [object], 'a.b': { 'c.d': 1 }, a: { b: 2 } },
        { cause },
      );
      await t.roundTrip('v13', { id: 'l', items: [{ id: 'i', ...object }] }, { type: LIST, cause });
      await changedUnderKeys(t, 'v13-changed', KEYS);
      await reservedNames(t, 'v13-reserved');
      await inBatches(KEYS, (key, i) => t.roundTrip(`v13-${i}`, { [key]: { [key]: key } }, { cause }));
      await similarKeys(t, 'v13');
      await rewrittenKeys(t, 'v13-rewritten');
    },
  },
  {
    id: 'V14',
    title: 'strings that look like numbers, null or booleans stay strings',
    async check(t) {
      const cause = 'A column or a parser converts the type, or trims the text.';
      const texts = [
        '007',
        '1e3',
        'null',
        'true',
        'false',
        '0',
        '-0',
        '1',
        '1.0',
        '1.50',
        ' 1',
        '0x10',
        'NaN',
        'Infinity',
        'undefined',
        '9007199254740993',
        '12345678901234567890',
        '123n',
        '1 ',
        'x ',
        '\\N',
        '~',
        'yes',
        'No',
        'on',
        'OFF',
        'y',
        'n',
        '',
      ];
      await inBatches(texts, (text, i) => everywhere(t, `v14-${i}`, text, cause), 100);
    },
  },
  {
    id: 'V15',
    title: 'booleans are not numbers, and a null boolean stays null',
    async check(t) {
      const cause = 'Booleans are kept as 0 and 1, and not told apart from numbers on the way back.';
      const emptyCause = 'An empty array is padded or left out, or {} and [] are taken for one.';
      const values = [true, false, null, 0, 1, '0', '1', 'true', '', [], {}];
      await inBatches<unknown, void>(values, (value, i) => {
        const isEmpty = typeof value === 'object' && value !== null;
        return everywhere(t, `v15-${i}`, value, isEmpty ? emptyCause : cause);
      });
      await inBatches(HOLLOW, (value, i) => everywhere(t, `v15-hollow-${i}`, value, emptyCause));
      const items = values.map((done, i) => ({ id: `i${i}`, done }));
      await t.roundTrip('v15', { id: 'l', items: [...items, { id: 'absent' }] }, { type: LIST, cause });
    },
  },
  {
    id: 'V16',
    title: 'the order of keys is kept',
    async check(t) {
      const cause = 'Keys are sorted, or columns come in the order of the table.';
      const forward = {
        id: 'v16',
        text: 'x',
        count: 1,
        zebra: 1,
        apple: 2,
        nested: { b: 1, a: { z: 1, y: 2 } },
      };
      const backward = {
        nested: { a: { y: 2, z: 1 }, b: 1 },
        apple: 2,
        zebra: 1,
        count: 1,
        text: 'x',
        id: 'v16',
      };
      for (const state of [forward, backward, forward]) await t.roundTrip('v16', state, { cause });
      const [store] = await t.pair();
      await store.persist(DOC, 'v16', {}, backward);
      await t.expectLoad(store, 'v16', backward, {
        what: 'load after only the order changed (diff {})',
        cause,
      });
      const items = [
        { title: 'x', id: '1', zz: 1, done: true },
        { done: true, zz: 1, id: '2', title: 'x' },
      ];
      for (const list of [
        { items, title: 't', id: 'l' },
        { id: 'l', items: items.toReversed(), title: 't' },
      ]) {
        await t.roundTrip('v16', list, { type: LIST, cause });
      }
      for (const size of [9, 33, 1_000]) {
        const names = Array.from({ length: size }, (_, i) => `k${String(size - i).padStart(4, '0')}`);
        const many = Object.fromEntries(names.map((name, i) => [name, i]));
        await t.roundTrip(`v16-${size}`, { ...many, nested: many, tags: [many] }, { cause });
        await t.roundTrip(`v16-${size}`, { id: 'l', items: [{ id: 'i', ...many }] }, { type: LIST, cause });
      }
      const first = { items: [{ rank: 1, id: '1' }], id: 'l' };
      await t.roundTrip('v16', first, { type: LIST, cause });
      await t.roundTrip('v16', { id: 'l', items: [{ id: '1', rank: 1 }] }, { type: LIST, cause });
    },
  },
  ...sizeRules,
  {
    id: 'V19',
    title: 'strings that look like JSON, SQL or dates stay what they are',
    async check(t) {
      const cause = 'A value is parsed, revived, escaped or pasted into a statement.';
      const texts = [
        '{"a":1}',
        '[1,2]',
        '"quoted"',
        "'; DROP TABLE items; --",
        "Robert'); --",
        '?',
        '$1',
        ':id',
        '2024-02-29T12:00:00.000Z',
        '2024-02-29',
        '2024-02-29T13:00:00+01:00',
        '2024-02-29T12:00:00Z',
        '2024-02-29T12:00:00.1Z',
        '2024-02-29 12:00:00',
        'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11',
        '{A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11}',
        'a0eebc999c0b4ef8bb6d6bb9bd380a11',
        '/Date(0)/',
        '{"$date":0}',
        '%s',
        '${x}',
        '\\x00',
        '[object Object]',
        '__undefined__',
        "$$ $& $` $' $1 $<x>",
        '<b>&amp;</b> & "x" \'y\' &#39;',
      ];
      await inBatches(texts, (text, i) => everywhere(t, `v19-${i}`, text, cause), 100);
      await t.roundTrip(
        'v19-shapes',
        { nested: { $date: 0, $undefined: true, $ref: '#/a', type: 'Buffer', data: [1] } },
        { cause },
      );
      await inBatches(SHAPES, (shape, i) => everywhere(t, `v19-shape-${i}`, shape, cause));
      await rewrittenTexts(t, 'v19-rewritten');
    },
  },
]);
