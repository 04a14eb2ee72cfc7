import type { RuleContext } from '../rule-context';
import { LIST } from '../suite-schema';
import { inBatches } from './in-batches';

/** Names that some database, driver or mapper keeps for itself, with values that it would act on. */
const RESERVED: Readonly<Record<string, unknown>> = {
  _deleted: true,
  deleted: true,
  deletedAt: 1,
  is_deleted: true,
  ttl: 1,
  _ttl: 1,
  expireAt: 1,
  expiresAt: '2000-01-01T00:00:00.000Z',
  createdAt: 1,
  updatedAt: 1,
  updated_at: '2000-01-01T00:00:00.000Z',
  timestamp: 1,
  type: 'urgent',
  _type: 'urgent',
  kind: 'urgent',
  class: 'urgent',
  version: 7,
  _version: 7,
  __v: 7,
  etag: 'x',
  key: 'k',
  value: 'v',
  pk: 'p',
  sk: 's',
  full: { a: 1 },
  diff: { a: 1 },
  epoch: 'e',
  eventId: 'e',
  ifRev: 7,
  removed: true,
  error: 'x',
};

/** More of those names, each tried with a text, a number, a flag and an object. */
const NAMES = [
  ...[
    '_ts',
    '_etag',
    '_rid',
    '_self',
    '_attachments',
    '__typename',
    'objectId',
    '_id',
    '_rev',
    '_type',
    '_source',
  ],
  ...[
    '@type',
    '@id',
    '@context',
    '$ref',
    '$id',
    '$type',
    '$schema',
    '$values',
    '#text',
    '@attributes',
    '_text',
  ],
  ...[
    'createdAt',
    'updatedAt',
    'created_at',
    'modified',
    '__v',
    '_class',
    'ACL',
    'length',
    'size',
    '_index',
    '_score',
  ],
  ...[
    '_key',
    '_from',
    '_to',
    '_doc',
    'rowid',
    'oid',
    'ctid',
    'xmin',
    'uid',
    'uuid',
    '__name__',
    '__key__',
    '_schema',
  ],
  ...[
    'PartitionKey',
    'RowKey',
    'Timestamp',
    'odata.etag',
    '.priority',
    '.key',
    '_links',
    '_embedded',
    'self',
    'then',
  ],
  ...[
    '0',
    '1',
    '10',
    '01',
    '-1',
    '1.5',
    '4294967295',
    '',
    ' ',
    'null',
    'undefined',
    'true',
    'NaN',
    'text',
    'toJSON',
  ],
  ...[
    'a[0]',
    'a[]',
    '/a',
    '~0',
    '~1',
    '%2F',
    'a%b',
    '..',
    '.',
    'ID',
    'Id',
    'Text',
    'Items',
    'id ',
    ' id',
    'İd',
  ],
];

/** Pairs that a store may have for the envelope of a state. */
const ENVELOPES: readonly object[] = [
  { state: { a: 1 }, rev: 3 },
  { data: { a: 1 }, meta: { b: 2 } },
  { json: { a: 1 }, meta: { b: 2 } },
  { json: '{"a":1}', meta: null },
  { value: { a: 1 }, version: 3 },
  { value: { a: 1 }, expires: 1 },
  { key: 'k', value: { a: 1 } },
  { type: 'x', id: 'y', full: { a: 1 } },
  { diff: { a: 1 }, full: { b: 1 } },
  { doc: { a: 1 } },
  { full: { a: 1 } },
  { full: null },
];

/** A state may have properties of any name: the store has none of its own in there. */
export async function reservedNames(t: RuleContext, id: string): Promise<void> {
  const cause = 'A property is taken for one of the store, or the state for what the store wraps around it.';
  await t.roundTrip(id, RESERVED, { cause });
  await t.roundTrip(id, { id: 'l', items: [{ id: 'i', ...RESERVED }], ...RESERVED }, { type: LIST, cause });
  await inBatches<unknown, void>([7, 'x', true, { a: 1 }, null, []], async (value, i) => {
    const object = Object.fromEntries(NAMES.map((name) => [name, value]));
    const item = { id: 'i', ...object, meta: object };
    await Promise.all([
      t.roundTrip(`${id}-names-${i}`, { ...object, nested: object, tags: [object] }, { cause }),
      t.roundTrip(`${id}-names-${i}`, { ...object, id: 'l', items: [item, object] }, { type: LIST, cause }),
    ]);
  });
  const flags = ['_deleted', 'deleted', 'removed'].map((name) => ({ [name]: true }));
  await inBatches([...ENVELOPES, ...flags], (state, i) => t.roundTrip(`${id}-${i}`, state, { cause }));
}
