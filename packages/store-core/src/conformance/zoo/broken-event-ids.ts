import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import type { CommitResult } from '../../store';
import { StoreError } from '../../store-error';
import { ReferenceStore, type ZooWrite } from './reference-store';
import type { ReferenceWorld } from './reference-world';
import { broken, type BrokenStore } from './zoo-target';

type StoreClass = new (world: ReferenceWorld) => ReferenceStore;

const UUID = /^\{?([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})\}?$/i;

/** A store whose storage keeps event ids in another way. */
export function storing(nameOf: (eventId: string) => string): StoreClass {
  return class extends ReferenceStore {
    protected override write(
      writes: readonly ZooWrite[],
      eventId: string | undefined,
    ): Promise<CommitResult> {
      return super.write(writes, eventId === undefined ? undefined : nameOf(eventId));
    }
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text) || text;
  } catch {
    return text;
  }
}

function cutAtBytes(text: string, bytes: number): string {
  return Buffer.from(text).subarray(0, bytes).toString();
}

function shortHash(text: string): string {
  let hash = 0;
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0;
  return String(hash);
}

const INSTANTS = /^\d{4}-\d\d-\d\d(T|$)/;

/** Ways of keeping a name that are not the name. */
export const NAMES: readonly (readonly [name: string, nameOf: (eventId: string) => string])[] = [
  ['UUIDs as event ids have no case', (id) => (UUID.test(id) ? id.toLowerCase() : id)],
  ['UUIDs as event ids have no hyphens and braces', (id) => id.replace(UUID, '$1$2$3$4$5')],
  ['ULIDs as event ids have no case', (id) => (/^[0-9a-z]{26}$/i.test(id) ? id.toUpperCase() : id)],
  ['decodes percent signs of event ids', decoded],
  ['takes a plus in event ids for a space', (id) => id.replaceAll('+', ' ')],
  ['collapses the spaces within event ids', (id) => id.replace(/(?<=\S)\s+(?=\S)/g, ' ')],
  ['event ids have one kind of line end', (id) => id.replace(/\r\n?/g, '\n')],
  [
    'leaves zero-width characters of event ids out',
    (id) => id.replace(/[\u200b-\u200d\u2060\ufeff\u00ad]/g, '') || id,
  ],
  ['normalises event ids', (id) => id.normalize('NFC')],
  ['normalises event ids for compatibility', (id) => id.normalize('NFKC')],
  ['event ids have no accents', (id) => id.normalize('NFD').replace(/\p{M}/gu, '') || id],
  ['cuts event ids at a colon', (id) => id.split(':')[0] || id],
  ['cuts event ids at a slash', (id) => id.split('/')[0] || id],
  ['cuts event ids at a hash sign', (id) => id.split('#')[0] || id],
  ['cuts event ids at an at sign', (id) => id.split('@')[0] || id],
  ['keeps of event ids what follows the last colon', (id) => id.split(':').at(-1) || id],
  ['keeps of event ids what precedes the last hyphen', (id) => id.replace(/-[^-]*$/, '') || id],
  [
    'event ids are numbers where they can',
    (id) => (/^\S+$/.test(id) && Number.isFinite(Number(id)) ? String(Number(id)) : id),
  ],
  [
    'event ids of digits have 64 bits',
    (id) => (/^\d+$/.test(id) ? String(BigInt.asUintN(64, BigInt(id))) : id),
  ],
  ['event ids of digits have 32 bits', (id) => (/^[1-9]\d*$/.test(id) ? String(Number(id) | 0) : id)],
  ['strips quotes from event ids', (id) => id.replace(/^(["'`])(.+)\1$/, '$2')],
  ['strips the padding of event ids', (id) => id.replace(/(.)=+$/, '$1')],
  ['resolves event ids as paths', (id) => (/[/]/.test(id) ? posix.normalize(id) : id)],
  ['event ids are times in UTC', (id) => (INSTANTS.test(id) ? new Date(id).toISOString() : id)],
  ['keeps the ends of long event ids', (id) => (id.length > 40 ? id.slice(0, 20) + id.slice(-20) : id)],
  ['keeps a short hash of event ids', shortHash],
  [
    'adds up the characters of event ids',
    (id) => String(Buffer.from(id).reduce((sum, byte) => sum + byte, 0)),
  ],
  ['keeps the lower bytes of event ids', (id) => Buffer.from(id, 'latin1').toString('latin1')],
  ...[32, 36, 64, 128, 255].map(
    (bytes) => [`cuts event ids at ${bytes} bytes`, (id: string) => cutAtBytes(id, bytes)] as const,
  ),
  ['blank event ids are one', (id) => (id.trim() === '' ? 'blank' : id)],
  [
    'event ids that mean nothing are one',
    (id) => (/^(null|undefined|none|nil|nan)$/i.test(id) ? 'null' : id),
  ],
];

/** Refuses events that it should take. */
function refusing(isRefused: (eventId: string) => boolean): StoreClass {
  return storing((eventId) => {
    if (isRefused(eventId)) throw new StoreError('STORE_INVALID_ARGUMENT', 'This event id cannot be kept.');
    return eventId;
  });
}

/** Looks events up with LIKE. */
class PatternStore extends ReferenceStore {
  protected override duplicate(
    writes: readonly ZooWrite[],
    eventId: string | undefined,
  ): CommitResult | undefined {
    if (eventId === undefined || this.world.events.has(eventId)) return super.duplicate(writes, eventId);
    const escaped = eventId.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    const pattern = new RegExp(`^${escaped.replaceAll('%', '.*').replaceAll('_', '.')}$`, 's');
    return super.duplicate(
      writes,
      [...this.world.events.keys()].find((known) => pattern.test(known)),
    );
  }
}

/** Takes an instance for an event that is named as it is. */
function seeing(keyOf: (type: string, id: string) => string): StoreClass {
  return class extends ReferenceStore {
    protected override duplicate(
      writes: readonly ZooWrite[],
      eventId: string | undefined,
    ): CommitResult | undefined {
      const isTaken = [...this.world.rows.values()].some(
        ({ type, id, text }) => text !== null && keyOf(type, id) === eventId,
      );
      return isTaken ? { status: 'duplicate', revs: writes.map(() => 1) } : super.duplicate(writes, eventId);
    }
  };
}

/** Keeps events among the rows, under a key that an instance may have. */
function keepingAmongRows(keyOf: (store: ReferenceStore, eventId: string) => string): StoreClass {
  return class extends ReferenceStore {
    protected override remember(...[writes, revs, eventId]: Parameters<ReferenceStore['remember']>): void {
      super.remember(writes, revs, eventId);
      if (eventId === undefined) return;
      this.world.rows.set(keyOf(this, eventId), { type: 'events', id: eventId, text: '{}', rev: 1 });
    }
  };
}

/** Forgets the event that is named as what is written, or removed. */
function forgetting(keyOf: (type: string, id: string) => string, onlyRemoved: boolean): StoreClass {
  return class extends ReferenceStore {
    protected override put(write: ZooWrite): number {
      if (write.full === null || !onlyRemoved) this.world.events.delete(keyOf(write.type, write.id));
      return super.put(write);
    }
  };
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Broken in ways of group N: what names an event. */
export const brokenEventIds: readonly BrokenStore[] = [
  ...NAMES.map(([name, nameOf]) => broken('N5', name, storing(nameOf))),
  broken('N5', 'looks event ids up with LIKE', PatternStore),
  broken(
    'N5',
    'refuses event ids with white space at their ends',
    refusing((id) => id.trim() !== id),
  ),
  broken(
    'N5',
    'refuses event ids beyond ASCII',
    refusing((id) => /[^\0-\x7f]/.test(id)),
  ),
  broken(
    'N5',
    'refuses event ids over 128 characters',
    refusing((id) => id.length > 128),
  ),
  broken(
    'N5',
    'an instance of that id is an event',
    seeing((_, id) => id),
  ),
  broken(
    'N5',
    'an instance `type:id` is an event',
    seeing((type, id) => `${type}:${id}`),
  ),
  broken(
    'N5',
    'an instance is the event of its hash',
    seeing((type, id) => sha256(`${type}:${id}`)),
  ),
  broken(
    'N5',
    'events are rows by their id',
    keepingAmongRows((_, eventId) => eventId),
  ),
  broken(
    'N5',
    'events are instances of a type',
    keepingAmongRows((_, id) => JSON.stringify(['events', id])),
  ),
  broken(
    'N5',
    'events are instances of a type of its own',
    keepingAmongRows((_, id) => JSON.stringify(['_nasc_events', id])),
  ),
  broken(
    'N5',
    'a removal forgets the event of that id',
    forgetting((_, id) => id, true),
  ),
  broken(
    'N5',
    'a removal forgets the event `type/id`',
    forgetting((type, id) => `${type}/${id}`, true),
  ),
  broken(
    'N5',
    'a write forgets the event of its key',
    forgetting((type, id) => JSON.stringify([type, id]), false),
  ),
  broken(
    'N5',
    'an event named epoch renews the epoch',
    class extends ReferenceStore {
      protected override remember(...args: Parameters<ReferenceStore['remember']>): void {
        super.remember(...args);
        if (args[2] === '_nasc_epoch') this.world.epoch = crypto.randomUUID();
      }
    },
  ),
];
