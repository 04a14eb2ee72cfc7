import { createHash } from 'node:crypto';
import { preview } from '../preview';
import { AWKWARD_NAMES, HASH_TWINS } from './awkward-names';

/** How a store might name its own records. */
const OWN_RECORDS: readonly string[] = [
  ...[
    'epoch',
    'rev',
    'revs',
    'meta',
    'format',
    'version',
    'schema',
    'seq',
    'counter',
    'lock',
    'head',
    'last',
  ],
  ...['ids', 'index', 'list', 'types', 'events', 'event', 'tombstone', 'tombstones', 'removed', 'changes'],
  ...['state', 'states', 'data', 'instances', 'rows', 'docs', 'documents', 'log', 'clock', 'next', 'count'],
].flatMap((name) => [
  name,
  `_${name}`,
  `_nasc_${name}`,
  `nasc:${name}`,
  `$${name}`,
  `__${name}__`,
  name.toUpperCase(),
]);

/** Event ids that some store somewhere takes for one another, or for something other than a text. */
const FAMILIES: readonly (readonly string[])[] = [
  Object.values(AWKWARD_NAMES).flat(),
  HASH_TWINS,
  OWN_RECORDS,
  // One UUID, in the ways in which it is written.
  [
    ...['9f8b7c6d-5e4f-4a3b-8c2d-1e0f9a8b7c6d', '9F8B7C6D-5E4F-4A3B-8C2D-1E0F9A8B7C6D'],
    ...['9f8b7c6d5e4f4a3b8c2d1e0f9a8b7c6d', '9F8B7C6D5E4F4A3B8C2D1E0F9A8B7C6D'],
    ...['{9f8b7c6d-5e4f-4a3b-8c2d-1e0f9a8b7c6d}', '(9f8b7c6d-5e4f-4a3b-8c2d-1e0f9a8b7c6d)'],
    ...['urn:uuid:9f8b7c6d-5e4f-4a3b-8c2d-1e0f9a8b7c6d', '0x9f8b7c6d5e4f4a3b8c2d1e0f9a8b7c6d'],
    ...['9f8b7c6d-5e4f-4a3b-8c2d-1e0f9a8b7c6e', 'n4t8bV5PSjuMLR4PmouHxtbQ', 'n4t8bV5PSjuMLR4Pmot8bQ=='],
    ...['01ARZ3NDEKTSV4RRFFQ69G5FAV', '01arz3ndektsv4rrffq69g5fav', 'O1ARZ3NDEKTSV4RRFFQ69G5FAV'],
    ...['507f1f77bcf86cd799439011', '507F1F77BCF86CD799439011'],
  ],
  // Escapes.
  [
    ...['%41', 'A', '%2541', 'p%20q', 'p q', 'p+q', 'p%2Bq', 'p%2fq', 'p%2Fq', 'p/q', 'p%', 'p%25', '%'],
    ...['\\u0041', '\\x41', '\\101', '&#65;', '&amp;', '&', 'p\\q', 'p\\\\q', 'p\\/q', '\\n', '\n', '\\0'],
    ...['"A"', "'A'", '`A`', '""A""', "''A''", '=41', '&lt;', '<', 'QQ==', 'QQ=', 'QQ', '-_', '+/'],
  ],
  // White space, at the ends and within.
  [
    ...[
      's t',
      's  t',
      's   t',
      's\tt',
      's\nt',
      's\rt',
      's\r\nt',
      's\n\nt',
      's\u00a0t',
      's\u2003t',
      's\u200bt',
    ],
    ...[
      'st',
      's_t',
      's-t',
      's\u00adt',
      's\u200dt',
      's\u2060t',
      's\ufefft',
      's\u0085t',
      's\u2028t',
      's\u3000t',
    ],
    ...[
      'st ',
      ' st',
      'st\n',
      'st\r\n',
      '\nst',
      'st\t',
      'st\u00a0',
      '\u00a0st',
      'st\u200b',
      '\u200est',
      'st\u0000',
    ],
  ],
  // What looks empty.
  [
    ...[' ', '  ', '\t', '\n', '\r\n', '\u00a0', '\u200b', '\u200c', '\u200d', '\u2060', '\ufeff', '\u00ad'],
    ...['""', "''", '[]', '{}', '()', '0', '-', '_', '.', '..', '/', '%', '*', '?', ':', '#', ';', ',', '|'],
    ...['null', 'NULL', 'undefined', 'None', 'nil', 'false', 'False', 'NaN', '[object Object]', '\u0001'],
  ],
  // Numbers, alike as doubles, as 32 or 64 bits, or as decimals.
  [
    ...['7', '07', '7.0', '7.', '+7', '7e0', '0x7', '0b111', '7n', '7 ', '７', '٧', '7,0', '7_0', '70', '-7'],
    ...[
      '0',
      '-0',
      '00',
      '+0',
      '0.0',
      '.0',
      '1000',
      '1e3',
      '1E3',
      '1,000',
      '1 000',
      '1_000',
      '0.1',
      '.1',
      '0.10',
    ],
    ...['4294967296', '4294967297', '2147483648', '-2147483648', '16777216', '16777217', '256', '65536'],
    ...['9007199254740992', '9007199254740993', '18446744073709551615', '18446744073709551616', '1e400'],
    ...['1e21', '1000000000000000000000', 'Infinity', '-Infinity', 'Infinity ', '0.30000000000000004', '0.3'],
    ...[
      '1e500',
      '123456789012345678',
      '123456789012345677',
      '0.1e1',
      '1.00000000000000001',
      '010',
      '8',
      '0o10',
    ],
  ],
  // Letters and marks that are alike to some collation, normal form or encoding.
  [
    ...[
      'g\u0323\u0307',
      'g\u0307\u0323',
      'ſ',
      's',
      'S',
      'ŉ',
      'ʼn',
      'ǆ',
      'Ǆ',
      'ǅ',
      'dž',
      'Ⅸ',
      'IX',
      '½',
      '1⁄2',
    ],
    ...[
      'ﬀ',
      'ff',
      'ﷺ',
      '㎏',
      'kg',
      '한',
      '\u1112\u1161\u11ab',
      'Ω',
      '\u2126',
      'а',
      'a',
      'о',
      'o',
      'ı',
      'i',
      'İ',
    ],
    ...[
      '\u{1f363}',
      '\uf363',
      '\u0163',
      'c',
      'Ń',
      'C',
      'ā',
      '\u0001',
      '👍',
      '👍🏽',
      '❤',
      '❤\ufe0f',
      '🇩🇪',
      '🇪🇩',
    ],
    ...[
      'ß',
      'ss',
      'ẞ',
      'SS',
      'œ',
      'oe',
      'ø',
      'ð',
      'd',
      'þ',
      'th',
      'ł',
      'l',
      'Å',
      '\u212b',
      'A\u030a',
      'ж',
      'Ж',
    ],
  ],
  // Patterns, paths, addresses and dates.
  [
    ...[
      'wild',
      'wild%',
      'wild_',
      'wild*',
      'wild?',
      'wildx',
      'wild.',
      'wild.*',
      '^wild$',
      '[wild]',
      'w%d',
      '$wild',
    ],
    ...['d/../f', 'f', './f', 'd/./f', 'd/f', 'd//f', '/d/f', 'd/f/', 'd\\f', '~f', 'C:f', 'file:f', 'd%2ff'],
    ...[
      'u@EXAMPLE.com',
      'u@example.com',
      'U@example.com',
      'u+t@example.com',
      'u.u@example.com',
      'uu@example.com',
    ],
    ...[
      'http://h',
      'http://h/',
      'HTTP://h/',
      'http://h:80/',
      'http://h/#',
      'http://h/?',
      '//h/',
      'https://h/',
    ],
    ...[
      '2026-01-01',
      '2026-01-01T00:00:00Z',
      '2026-01-01T00:00:00.000Z',
      '2026-01-01T01:00:00+01:00',
      '1767225600',
    ],
    ...[
      '127.0.0.1',
      '127.1',
      '2130706433',
      '::1',
      '0:0:0:0:0:0:0:1',
      '::ffff:127.0.0.1',
      'v1.0',
      'v1.0.0',
      '1.10',
    ],
  ],
  // Anagrams, and what a sum or a short hash takes for one.
  [
    'abcd',
    'abdc',
    'dcba',
    'bbbd',
    'acbd',
    'aad',
    'abc',
    'cba',
    'bac',
    'aaaa',
    'aaa',
    'aa',
    'a',
    'ad',
    'bc',
    'cb',
  ],
  cutAt([...':/#?|.@;,=&-_~+!$*^()[]{}<>"\'`\\% \t\n']),
  long(),
];

/** What stands before or after a separator counts, and so does the separator. */
function cutAt(separators: readonly string[]): string[] {
  return separators.flatMap((separator) =>
    ['cut|1', 'cut|2', '1|cut', 'cut|', '|cut', 'cut||1', 'cut|1|2'].map((form) =>
      form.replaceAll('|', () => separator),
    ),
  );
}

/** Ids that columns, keys and indexes cut, or whose middle a short form leaves out. */
function long(): string[] {
  const lengths = [
    8, 10, 16, 20, 24, 26, 32, 36, 40, 50, 64, 100, 128, 191, 200, 255, 256, 300, 400, 500, 512,
  ];
  return [...lengths, 600, 767, 900, 1_000].flatMap((length) => {
    const filler = `long-${length}-`.padEnd(length + 1, 'x');
    const middle = Math.floor(length / 2);
    return [
      ...['y', 'z'].map((last) => `${filler}${last}`),
      ...['y', 'z'].map((within) => `${filler.slice(0, middle)}${within}${filler.slice(middle)}`),
      ...['y', 'z'].map((first) => `${first}${filler}`),
      'é'.repeat(length),
    ];
  });
}

/** All of them, each once. */
export const EVENT_IDS: readonly string[] = [...new Set(FAMILIES.flat())].filter((id) => id !== '');

/** An event id for messages: what cannot be seen is written as a code point. */
export function shownEvent(eventId: string): string {
  return preview(eventId, 40).replace(/[^ -~…]/gu, (char) => `\\u{${char.codePointAt(0)?.toString(16)}}`);
}

/** Storage may be unable to hold an event id: it then refuses it, and takes it for no other. */
export function mayRefuseEvent(eventId: string): boolean {
  return eventId.length > 1_024 || eventId.includes('\0') || !eventId.isWellFormed();
}

/** How a store might name the record of an instance, in a key space that events share. */
export function recordNames(type: string, id: string): string[] {
  const joined = [':', '/', '|', '#', '.', '\0', '', '::', ' ', ',', '-', '_'].map(
    (each) => `${type}${each}${id}`,
  );
  const prefixed = [
    'doc:',
    'instance:',
    'state:',
    'rev:',
    'revs:',
    'nasc:',
    'INSTANCE#',
    'i:',
    's/',
    '_nasc_',
  ];
  const texts = [
    JSON.stringify([type, id]),
    JSON.stringify({ type, id }),
    JSON.stringify(id),
    `${type}("${id}")`,
    `${type.length}:${type}${id}`,
    `${encodeURIComponent(type)}/${encodeURIComponent(id)}.json`,
  ];
  const hashes = ['md5', 'sha1', 'sha256'].flatMap((name) =>
    [id, `${type}:${id}`, `${type}/${id}`, JSON.stringify([type, id])].map((text) =>
      createHash(name).update(text).digest('hex'),
    ),
  );
  return [
    ...[id, ...joined, ...texts, ...hashes, btoa(`${type}:${id}`), btoa(id)],
    ...prefixed.flatMap((prefix) => [`${prefix}${id}`, `${prefix}${type}:${id}`]),
  ];
}

/** How a store might name the type of its events, if they were instances. */
export const EVENT_TYPES: readonly string[] = [
  ...[
    'event',
    'events',
    'Event',
    'Events',
    'EVENT',
    'EVENTS',
    '_event',
    '_events',
    '__event__',
    '__events__',
  ],
  ...[
    '$event',
    '$events',
    '_nasc',
    '_nasc_event',
    '_nasc_events',
    'nasc',
    'nasc_events',
    'eventId',
    'event_id',
  ],
  ...[
    'idempotency',
    'Idempotency',
    '_idempotency',
    'evt',
    'e',
    'meta',
    '_meta',
    'commit',
    'commits',
    'processed',
  ],
];
