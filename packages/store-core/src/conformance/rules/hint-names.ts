import type { Hint } from '../../store';
import { exactText } from '../exact-text';
import { expectSame } from '../expect';
import type { RuleContext } from '../rule-context';
import type { Subject } from '../subject';
import { DOC, LIST } from '../suite-schema';
import { inBatches } from './in-batches';
import { persistIfHeld } from './persist-if-held';
import { write } from './write';

/** What a message that carries hints may be taken apart at, rewrite, or take for something else. */
const NAMES = [
  ...['a:b', ':', 'a::b', ':a', 'a:', 'a:1', '1:2:3', 'urn:x:y', 'a b', ' a', 'a ', '  ', 'a\tb', 'a\nb'],
  ...[
    'a\r\n',
    '42',
    '0',
    '007',
    '1e3',
    '-1',
    '1.0',
    '9007199254740993',
    'true',
    'false',
    'null',
    'undefined',
  ],
  ...['{}', '[]', '{"a":1}', '["a"]', '"a"', '"', "'", '\\', 'a\\b', '\\n', '\\u0041', 'a,b', 'a|b', 'a;b'],
  ...[
    'a/b',
    '/',
    'a.b',
    '*',
    '>',
    'a.*',
    '#',
    '+',
    '$',
    'a&b=c',
    'a=b',
    '?',
    '%',
    '%20',
    '%3A',
    'a%2Fb',
    '%ZZ',
  ],
  ...[
    'é',
    'e\u0301',
    'Ä',
    'ß',
    'ﬀ',
    'ж',
    '日本',
    '💥',
    '\u{10ffff}',
    '\uffff',
    '\u2028',
    '\u200b',
    '\ufeffa',
  ],
  ...['A', 'a', 'ÿ', 'Ā', '€', '<a>', '&amp;', 'constructor', '__proto__', 'toString', '\u0001', 'a\u001fb'],
  ...['data: x', 'event', 'id', 'a--b', 'a\x7f', 'NaN', 'x'.repeat(200), '\u001e', 'a\x00b'],
] as const;

const key = ({ type, id, rev, removed }: Hint): string => exactText([type, id, rev, removed]);

/** Hints name instances exactly, whatever is in a type or an id (rule E6). */
export async function expectHintsOfAnyName(t: RuleContext, store: Subject, other: Subject): Promise<void> {
  const cause = 'The message that carries a hint is joined from type and id, encoded, or takes digits for a number.'; // prettier-ignore
  const seen = new Set<string>();
  const end = await store.watch((hint) => {
    // Hints of what other checks wrote may come late.
    if (hint.type !== DOC && hint.type !== LIST) seen.add(key(hint));
  });
  const names = [
    ...['', ...NAMES].map((id) => ({ type: 'E6Names', id })),
    ...NAMES.map((type) => ({ type, id: 'x' })),
    ...NAMES.slice(0, 20).map((name) => ({ type: name, id: name })),
    ...[['E6a', 'b:c'], ['E6a:b', 'c'], ['E6a/b', 'c'], ['E6a', 'b/c']].map(([type = '', id = '']) => ({ type, id })), // prettier-ignore
  ];
  const writers = [store, other];
  const held = await inBatches(names, ({ type, id }, n) =>
    persistIfHeld(t, writers[n % 2] ?? store, id, {}, { type, mayRefuse: true }),
  );
  const kept = names.filter((_, n) => held[n]);
  await inBatches(kept, ({ type, id }, n) =>
    (writers[(n + 1) % 2] ?? store).commit([write(id, null, undefined, type)]),
  );
  await inBatches(kept, ({ type, id }) => store.persist(type, id, {}, {}));
  const newest = kept.map((name) => key({ ...name, rev: 3, removed: false }));
  const missing = (): string[] => newest.filter((each) => !seen.has(each));
  await t.eventually(
    'a hint of each instance must come, with its type and id',
    () => missing().length === 0,
    () => ({ got: `none of ${missing().slice(0, 4).join(' ')} among ${seen.size} hints`, cause }),
  );
  await end();
  // Older ones may have been merged, or come: with what they were.
  const ours = kept.flatMap((name) => [1, 2, 3].map((rev) => key({ ...name, rev, removed: rev === 2 })));
  const allowed = new Set(ours);
  const stray = [...seen].filter((each) => !allowed.has(each));
  expectSame(stray, [], 'the hints of instances that were never written', cause);
}
