import type { JsonObject } from '../../json-value';
import type { StatePlace } from '../../capture-state';
import type { Loaded } from '../../store';
import { StoreError } from '../../store-error';
import { isPlainObject, onStrings, renamingKeys, reviving, storing, type StoreClass } from './broken-values';
import { ReferenceStore, type ZooWrite } from './reference-store';
import { broken, type BrokenStore } from './zoo-target';

type State = Record<string, unknown>;

/** A store that finds something else than it has, or nothing. */
function finding(change: (state: State) => State | null): StoreClass {
  return class extends ReferenceStore {
    protected override async readLoaded(type: string, id: string): Promise<Loaded | null> {
      const loaded = await super.readLoaded(type, id);
      const state = loaded && change(loaded.state);
      return loaded && state && { ...loaded, state: state as JsonObject };
    }
  };
}

/** A store that does something to arrays of so many items at least, if all are alike. */
function packing(
  isAlike: (item: unknown) => boolean,
  pack: (items: unknown[]) => unknown[],
  least = 32,
): StoreClass {
  return reviving((_, value) =>
    Array.isArray(value) && value.length >= least && value.every(isAlike) ? pack(value) : value,
  );
}

const isNumber = (value: unknown) => typeof value === 'number';

/** Objects in the order of the keys of the first, if all have the same. */
function byColumn(items: unknown[]): unknown[] {
  const keys = Object.keys(items[0] as State);
  const isSame = (item: unknown) =>
    Object.keys(item as State)
      .toSorted()
      .join() === keys.toSorted().join();
  if (!items.every(isSame)) return items;
  return items.map((item) => Object.fromEntries(keys.map((key) => [key, (item as State)[key]])));
}

const YAML: Readonly<Record<string, unknown>> = {
  yes: true,
  on: true,
  y: true,
  no: false,
  off: false,
  n: false,
};

/** `{ S: 'x' }` becomes 'x'. */
function unmarshal(_: string, value: unknown): unknown {
  if (!isPlainObject(value)) return value;
  const [[tag, inner] = ['', undefined], ...rest] = Object.entries(value);
  if (rest.length > 0) return value;
  if (tag === 'N' && typeof inner === 'string') return Number(inner);
  return tag === 'S' || tag === 'BOOL' ? inner : value;
}

function asArray(key: string, value: unknown): unknown {
  if (key === '' || !isPlainObject(value) || !Number.isInteger(value.length)) return value;
  return Array.from({ length: Math.min(value.length as number, 1_000) }, (_, i) => value[i] ?? null);
}

/** Broken in ways of group V, by what a text, a name or a shape means elsewhere. */
export const brokenShapes: readonly BrokenStore[] = [
  broken(
    'V1',
    'keeps NUL as U+E000',
    onStrings((text) => text.replaceAll('\ue000', '\0')),
  ),
  broken(
    'V13',
    'keeps . and $ of keys in full width',
    renamingKeys((key) => key.replaceAll('\uff0e', '.').replaceAll('\uff04', '$')),
  ),
  broken('V13', 'what has a length is an array', reviving(asArray)),
  broken(
    'V13',
    '`_deleted` is a removal',
    finding((state) => (state._deleted === true ? null : state)),
  ),
  broken(
    'V13',
    'what has a `ttl` is gone after it',
    finding((state) => (typeof state.ttl === 'number' && state.ttl < Date.now() / 1_000 ? null : state)),
  ),
  broken(
    'V13',
    'a state with `state` and `rev` is taken for an envelope',
    finding((state) => ('state' in state && 'rev' in state ? (state.state as State) : state)),
  ),
  broken(
    'V13',
    'sets `updatedAt`',
    storing((text) => {
      const state = JSON.parse(text) as State;
      return Object.hasOwn(state, 'updatedAt') ? JSON.stringify({ ...state, updatedAt: Date.now() }) : text;
    }),
  ),
  broken(
    'V13',
    '`type` is the type',
    class extends ReferenceStore {
      protected override encode(text: string, { type }: ZooWrite): string {
        const state = JSON.parse(text) as State;
        return Object.hasOwn(state, 'type') ? JSON.stringify({ ...state, type }) : text;
      }
    },
  ),
  broken(
    'V14',
    '\\N is null',
    onStrings((text) => (text === '\\N' ? null : text)),
  ),
  broken(
    'V14',
    'yes and no are booleans',
    onStrings((text) => (Object.hasOwn(YAML, text.toLowerCase()) ? YAML[text.toLowerCase()] : text)),
  ),
  broken(
    'V14',
    'revives 1n',
    onStrings((text) => (/^\d+n$/.test(text) ? Number(text.slice(0, -1)) : text)),
  ),
  broken(
    'V14',
    'cuts trailing spaces of values',
    onStrings((text) => (/^\w+ +$/.test(text) ? text.trimEnd() : text)),
  ),
  broken(
    'V18',
    'packs numbers in 32 bits',
    packing(isNumber, (items) => (items as number[]).map(Math.fround)),
  ),
  broken(
    'V18',
    'packs integers in 32 bits',
    packing(Number.isInteger, (items) => (items as number[]).map((item) => item | 0)),
  ),
  broken(
    'V18',
    'packs booleans in bytes',
    packing(
      (item) => typeof item === 'boolean',
      (items) => [...items, ...Array<boolean>((8 - (items.length % 8)) % 8).fill(false)],
    ),
  ),
  broken('V18', 'packs objects by column', packing(isPlainObject, byColumn)),
  broken(
    'V18',
    'refuses 4 MiB, and cannot read what is over 1.1 MiB',
    class extends ReferenceStore {
      protected override capture(full: unknown, place: StatePlace): string {
        const text = super.capture(full, place);
        if (text.length > 2 ** 22) throw new StoreError('STORE_INVALID_STATE', 'Too large.', place);
        return text;
      }
      protected override decode(text: string): JsonObject {
        if (text.length > 1.1 * 2 ** 20) throw new Error('The packet is too large.');
        return super.decode(text);
      }
    },
  ),
  broken(
    'V19',
    'puts texts in with `replace`',
    storing((text) => '?'.replace('?', text)),
  ),
  broken(
    'V19',
    'escapes HTML',
    onStrings((text) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;')),
  ),
  broken('V19', 'unmarshals DynamoDB', reviving(unmarshal)),
  broken(
    'V19',
    'sets time stamps of Firebase',
    reviving((_, value) => (isPlainObject(value) && value['.sv'] === 'timestamp' ? Date.now() : value)),
  ),
];
