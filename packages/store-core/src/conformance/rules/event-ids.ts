import { createHash } from 'node:crypto';
import { preview } from '../preview';
import { NAME_FAMILIES } from './name-families';

/** All of them, each once. */
export const EVENT_IDS: readonly string[] = [...new Set(NAME_FAMILIES.flat())].filter((id) => id !== '');

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
