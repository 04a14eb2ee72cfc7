import { captureState, type StatePlace } from '../../capture-state';
import type { JsonObject } from '../../json-value';
import type { Loaded } from '../../store';
import { StoreError } from '../../store-error';
import { ReferenceStore, type ZooWrite } from './reference-store';
import type { ReferenceWorld } from './reference-world';
import { broken, type BrokenStore } from './zoo-target';

export type StoreClass = new (world: ReferenceWorld) => ReferenceStore;

/** A store that stores something else than the text of the state. */
export function storing(change: (text: string) => string): StoreClass {
  return class extends ReferenceStore {
    protected override encode(text: string): string {
      return change(text);
    }
  };
}

/** A store that changes each value on the way. */
export function reviving(change: (key: string, value: unknown) => unknown): StoreClass {
  return storing((text) => JSON.stringify(JSON.parse(text, change)));
}

/** A store whose commit, unlike its persist, takes the state in its own way. */
export function committing(take: (full: unknown, place: StatePlace) => string): StoreClass {
  return class extends ReferenceStore {
    protected override capture(full: unknown, place: StatePlace): string {
      return place.index === undefined ? super.capture(full, place) : take(full, place);
    }
  };
}

/** A store that changes each text on the way. */
export const onStrings = (change: (text: string) => unknown) =>
  reviving((_, value) => (typeof value === 'string' ? change(value) : value));

export function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `{ 'a.b': 1 }` becomes `{ a: { b: 1 } }`. */
function expandPaths(_: string, value: unknown): unknown {
  if (!isPlainObject(value)) return value;
  const expanded: Record<string, unknown> = {};
  for (const [key, child] of Object.entries(value)) {
    const [head = '', ...rest] = key.split('.');
    expanded[head] = rest.length === 0 ? child : { [rest.join('.')]: child };
  }
  return expanded;
}

function assignAll(_: string, value: unknown): unknown {
  if (!isPlainObject(value)) return value;
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(value)) copy[key] = value[key];
  return copy;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function isLarge(value: unknown, keys: number): value is Record<string, unknown> {
  return isPlainObject(value) && Object.keys(value).length > keys;
}

/** A store that changes each key on the way. */
export function renamingKeys(rename: (key: string) => string): StoreClass {
  return reviving((_, value) =>
    isPlainObject(value)
      ? Object.fromEntries(Object.entries(value).map(([key, child]) => [rename(key), child]))
      : value,
  );
}

/** Of keys that differ by case only, the last one is kept. */
function foldKeys(_: string, value: unknown): unknown {
  if (!isPlainObject(value)) return value;
  const kept = new Map(Object.entries(value).map((entry) => [entry[0].toLowerCase(), entry]));
  return Object.fromEntries(kept.values());
}

/** `{ $numberInt: '1' }` becomes 1, `{ $oid: '…' }` its text. */
function reviveExtended(_: string, value: unknown): unknown {
  if (!isPlainObject(value)) return value;
  const { $numberInt, $oid } = value;
  if (typeof $numberInt === 'string') return Number($numberInt);
  return typeof $oid === 'string' ? $oid : value;
}

function sortKeys(_: string, value: unknown): unknown {
  return isPlainObject(value) ? Object.fromEntries(Object.entries(value).sort()) : value;
}

/** Group V, what JSON can say. */
export const brokenValues: readonly BrokenStore[] = [
  broken(
    'V1',
    'strips control characters',
    onStrings((text) => text.replace(/[\u0001-\u001f]/g, '')),
  ),
  broken(
    'V1',
    'ends strings at NUL',
    onStrings((text) => text.split('\u0000')[0]),
  ),
  broken(
    'V2',
    'goes through UTF-8',
    onStrings((text) => text.toWellFormed()),
  ),
  broken(
    'V3',
    'normalises text',
    storing((text) => text.normalize('NFC')),
  ),
  broken(
    'V3',
    'commit normalises text',
    committing((full, place) => captureState(full, place).normalize('NFC')),
  ),
  broken(
    'V3',
    'loadVersioned normalises text',
    class extends ReferenceStore {
      override async loadVersioned(type: string, id: string): Promise<Loaded | null> {
        const loaded = await super.loadVersioned(type, id);
        if (loaded === null) return null;
        const text = JSON.stringify(loaded.state).normalize('NFC');
        return { ...loaded, state: JSON.parse(text) as JsonObject };
      }
    },
  ),
  broken(
    'V4',
    'numbers have 15 digits',
    reviving((_, value) => (typeof value === 'number' ? Number(value.toPrecision(15)) : value)),
  ),
  broken(
    'V4',
    'large integers become strings',
    reviving((_, value) => (Number.isInteger(value) && !Number.isSafeInteger(value) ? String(value) : value)),
  ),
  broken(
    'V5',
    'keeps values, not JSON',
    class extends ReferenceStore {
      protected override capture(full: unknown, place: StatePlace): string {
        const text = super.capture(full, place);
        const negative = (full as { other?: unknown }).other;
        return Object.is(negative, -0) ? text.replace('"other":0', '"other":-0') : text;
      }
    },
  ),
  broken('V12', 'copies by assignment', reviving(assignAll)),
  broken(
    'V12',
    'leaves `__proto__` out',
    reviving((key, value) => (key === '__proto__' ? undefined : value)),
  ),
  broken('V13', 'dots are paths', reviving(expandPaths)),
  broken(
    'V13',
    'refuses empty keys',
    class extends ReferenceStore {
      protected override capture(full: unknown, place: StatePlace): string {
        const text = super.capture(full, place);
        if (text.includes('{"":')) throw new StoreError('STORE_INVALID_STATE', 'An empty key.', place);
        return text;
      }
    },
  ),
  broken(
    'V14',
    'numbers are recognised',
    onStrings((text) => (/^\d+$/.test(text) ? Number(text) : text)),
  ),
  broken(
    'V15',
    'booleans are numbers',
    reviving((_, value) => (typeof value === 'boolean' ? Number(value) : value)),
  ),
  broken(
    'V15',
    '0 and 1 of a flag are booleans',
    reviving((key, value) => (key === 'flag' && (value === 0 || value === 1) ? value === 1 : value)),
  ),
  broken(
    'V15',
    'a null flag is false',
    reviving((key, value) => (key === 'flag' ? (value ?? false) : value)),
  ),
  broken(
    'V13',
    'cuts keys at 63',
    renamingKeys((key) => key.slice(0, 63)),
  ),
  broken('V13', 'keys have no case', reviving(foldKeys)),
  broken(
    'V16',
    'sorts more than 32 keys',
    reviving((key, value) => (isLarge(value, 32) ? sortKeys(key, value) : value)),
  ),
  broken('V16', 'sorts keys', reviving(sortKeys)),
  broken(
    'V16',
    'keeps the first order of keys',
    class extends ReferenceStore {
      protected override encode(text: string, { type, id }: ZooWrite): string {
        const before = JSON.parse(this.row(type, id)?.text ?? '{}') as object;
        const after = JSON.parse(text) as Record<string, unknown>;
        const keys = [
          ...Object.keys(before).filter((key) => Object.hasOwn(after, key)),
          ...Object.keys(after),
        ];
        return JSON.stringify(Object.fromEntries(keys.map((key) => [key, after[key]])));
      }
    },
  ),
  broken(
    'V17',
    'the stack overflows',
    class extends ReferenceStore {
      override async persist(
        type: string,
        id: string,
        diff: Record<string, unknown> | null,
        full: unknown,
      ): Promise<void> {
        const depth = (value: unknown): number =>
          typeof value === 'object' && value !== null
            ? 1 + Math.max(0, ...Object.values(value).map(depth))
            : 0;
        depth(full);
        await super.persist(type, id, diff, full);
      }
    },
  ),
  broken(
    'V17',
    'refuses 500 levels',
    class extends ReferenceStore {
      protected override capture(full: unknown, place: StatePlace): string {
        const text = super.capture(full, place);
        if (/[[{]{500}|(\{"a":){500}/.test(text))
          throw new StoreError('STORE_INVALID_STATE', 'Too deep.', place);
        return text;
      }
    },
  ),
  broken(
    'V18',
    'cuts strings at 64 KiB',
    onStrings((text) => text.slice(0, 65_536)),
  ),
  broken(
    'V18',
    'cuts the text of a state at 16 MiB',
    storing((text) => text.slice(0, 2 ** 24)),
  ),
  broken(
    'V18',
    'cuts arrays at 65,535',
    reviving((_, value) => (Array.isArray(value) ? (value as unknown[]).slice(0, 65_535) : value)),
  ),
  broken(
    'V18',
    'cuts objects at 1,000 keys',
    reviving((_, value) =>
      isLarge(value, 1_000) ? Object.fromEntries(Object.entries(value).slice(0, 1_000)) : value,
    ),
  ),
  broken(
    'V19',
    'turns offsets into UTC',
    onStrings((text) =>
      /^\d{4}-\d\d-\d\dT[\d:]{8}[+-]\d\d:\d\d$/.test(text) ? new Date(text).toISOString() : text,
    ),
  ),
  broken(
    'V19',
    'times have milliseconds',
    onStrings((text) => text.replace(/^(\d{4}-\d\d-\d\dT[\d:]{8})Z$/, '$1.000Z')),
  ),
  broken(
    'V19',
    'UUIDs are lower-case',
    onStrings((text) => (UUID.test(text) ? text.toLowerCase() : text)),
  ),
  broken('V19', 'revives extended JSON', reviving(reviveExtended)),
  broken(
    'V19',
    'parses what looks like JSON',
    onStrings((text) => (/^[[{]/.test(text) ? parseOr(text) : text)),
  ),
  broken(
    'V19',
    'revives dates',
    class extends ReferenceStore {
      protected override decode(text: string): JsonObject {
        return JSON.parse(text, (_, value: unknown) =>
          typeof value === 'string' && /^\d{4}-.*Z$/.test(value) ? new Date(value) : value,
        ) as JsonObject;
      }
    },
  ),
  broken(
    'V20',
    'takes repetition for a cycle',
    class extends ReferenceStore {
      protected override capture(full: unknown, place: StatePlace): string {
        const seen = new WeakSet<object>();
        JSON.stringify(full, (_, value: unknown) => {
          if (typeof value === 'object' && value !== null) {
            if (seen.has(value)) throw new StoreError('STORE_INVALID_STATE', 'A cycle.', place);
            seen.add(value);
          }
          return value;
        });
        return super.capture(full, place);
      }
    },
  ),
  broken(
    'V22',
    'has seven columns',
    storing((text) =>
      JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(text) as object).slice(0, 7))),
    ),
  ),
];

function parseOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    return error instanceof Error ? text : undefined;
  }
}
