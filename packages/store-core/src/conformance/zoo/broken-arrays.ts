import type { JsonObject } from '../../json-value';
import type { CommitOptions, CommitResult, Write } from '../../store';
import { ReferenceStore, type ZooWrite } from './reference-store';
import type { ReferenceWorld } from './reference-world';
import { broken, type BrokenStore } from './zoo-target';

interface ListState {
  items?: unknown;
  archive?: unknown;
  [key: string]: unknown;
}

export interface Item {
  id?: unknown;
  [key: string]: unknown;
}

type Change = (items: unknown[], before: unknown[], state: ListState, stateBefore: ListState) => unknown;
type StoreClass = new (world: ReferenceWorld) => ReferenceStore;

/** A store that does something to `items` when it writes them. */
export function onItems(change: Change): StoreClass {
  return class extends ReferenceStore {
    protected override encode(text: string, { type, id }: ZooWrite): string {
      const state = JSON.parse(text) as ListState;
      const before = JSON.parse(this.row(type, id)?.text ?? '{}') as ListState;
      if (!Array.isArray(state.items)) return text;
      const items = change(
        state.items as unknown[],
        Array.isArray(before.items) ? (before.items as unknown[]) : [],
        state,
        before,
      );
      return JSON.stringify({ ...state, items });
    }
  };
}

/** A store that loads other items than it has. */
function loadingItems(change: (items: unknown[]) => unknown): StoreClass {
  return class extends ReferenceStore {
    protected override decode(text: string): JsonObject {
      const state = super.decode(text);
      return Array.isArray(state.items) ? { ...state, items: change(state.items) as never } : state;
    }
  };
}

export const idOf = (item: unknown): unknown => (item as Item | null)?.id;
export const textOf = (item: unknown): string => String(idOf(item));

/** Of items with the same key, the last one is kept, in the place of the first. */
export function byKey(items: readonly unknown[], keyOf: (item: unknown) => unknown): unknown[] {
  return [...new Map(items.map((item) => [keyOf(item), item])).values()];
}

/** Old items stay where they are, new ones come at the end. */
function keepPlaces(items: unknown[], before: unknown[]): unknown[] {
  const places = before.map(textOf);
  const place = (item: unknown) =>
    places.includes(textOf(item)) ? places.indexOf(textOf(item)) : places.length;
  return items.toSorted((a, b) => place(a) - place(b));
}

/** A store whose items have positions of 64 bits, new ones between their neighbours, ties by key. */
function halvingPositions(): StoreClass {
  const worlds = new WeakMap<ReferenceWorld, Map<string, Map<string, number>>>();
  return class extends ReferenceStore {
    protected override encode(text: string, { type, id }: ZooWrite): string {
      const state = JSON.parse(text) as ListState;
      const items = state.items;
      if (!Array.isArray(items) || new Set(items.map(textOf)).size < items.length) return text;
      const lists = worlds.get(this.world) ?? new Map<string, Map<string, number>>();
      worlds.set(this.world, lists);
      const key = this.rowKey(type, id);
      const positions = placeBetween(items.map(textOf), lists.get(key) ?? new Map<string, number>());
      lists.set(key, positions);
      const at = (item: unknown) => positions.get(textOf(item)) ?? 0;
      const sorted = items.toSorted((a, b) => at(a) - at(b) || (textOf(a) < textOf(b) ? -1 : 1));
      return JSON.stringify({ ...state, items: sorted });
    }
  };
}

/** Those that are in order keep their positions, each of the others goes in the middle. */
function placeBetween(keys: readonly string[], old: ReadonlyMap<string, number>): Map<string, number> {
  let bound = -Infinity;
  const kept = keys.map((key) => {
    const position = old.get(key);
    if (position === undefined || position <= bound) return undefined;
    return (bound = position);
  });
  let last = 0;
  return new Map(
    keys.map((key, i) => {
      const next = kept.slice(i + 1).find((position) => position !== undefined) ?? last + 2;
      last = kept[i] ?? (last + next) / 2;
      return [key, last];
    }),
  );
}

/** Broken in ways of group K. */
export const brokenArrays: readonly BrokenStore[] = [
  broken(
    'K1',
    'reads items in the order of their keys',
    loadingItems((items) => items.toSorted((a, b) => (textOf(a) < textOf(b) ? -1 : 1))),
  ),
  broken('K1', 'halves positions between neighbours', halvingPositions()),
  broken('K2', 'items keep their places', onItems(keepPlaces)),
  broken(
    'K2',
    'an item that moves to another array is lost',
    onItems((items, _items, _state, { archive }) => {
      const archived = Array.isArray(archive) ? archive.map(textOf) : [];
      return items.filter((item) => !archived.includes(textOf(item)));
    }),
  ),
  broken(
    'K3',
    'an empty array is absent',
    onItems((items) => (items.length === 0 ? undefined : items)),
  ),
  broken(
    'K3',
    'a null array is empty',
    class extends ReferenceStore {
      protected override encode(text: string): string {
        return text.replace('"items":null', '"items":[]');
      }
    },
  ),
  broken(
    'K4',
    'removed items stay',
    onItems((items, before) => {
      const keys = new Set(items.map(textOf));
      return [...items, ...before.filter((item) => !keys.has(textOf(item)))];
    }),
  ),
  broken(
    'K4',
    'more than one removal at a time is not seen',
    onItems((items, before) => (items.length === 5 ? before.slice(0, 5) : items)),
  ),
  broken(
    'K5',
    'items are kept by key',
    onItems((items) => byKey(items, (item) => idOf(item) ?? item)),
  ),
  broken(
    'K6',
    'items without key get one',
    onItems((items) =>
      items.map((item, i) =>
        typeof item === 'object' && item !== null && !Array.isArray(item) && !('id' in item)
          ? { id: `generated-${i}`, ...item }
          : item,
      ),
    ),
  ),
  broken(
    'K6',
    'items that are no objects are left out',
    onItems((items) => items.filter((item) => typeof item === 'object' && item !== null)),
  ),
  broken(
    'K6',
    'null keys are one key',
    onItems((items) => byKey(items, (item) => (idOf(item) === null ? '' : { item }))),
  ),
  broken(
    'K7',
    'items are rows of one table',
    class extends ReferenceStore {
      protected override encode(text: string): string {
        for (const item of ((JSON.parse(text) as ListState).items ?? []) as Item[])
          this.world.scratch.set(textOf(item), item);
        return text;
      }
      protected override decode(text: string): JsonObject {
        const state = super.decode(text);
        if (!Array.isArray(state.items)) return state;
        return {
          ...state,
          items: state.items.map((item) => (this.world.scratch.get(textOf(item)) ?? item) as never),
        };
      }
    },
  ),
  broken(
    'K8',
    'keys are text',
    loadingItems((items) =>
      items.map((item) => (typeof idOf(item) === 'number' ? { ...(item as Item), id: textOf(item) } : item)),
    ),
  ),
  broken(
    'K8',
    'keys are compared as text',
    onItems((items) =>
      byKey(items, (item) => (['string', 'number'].includes(typeof idOf(item)) ? textOf(item) : { item })),
    ),
  ),
  broken(
    'K9',
    'the parent shows',
    loadingItems((items) =>
      items.map((item) =>
        typeof item === 'object' && item !== null && !Array.isArray(item) ? { ...item, list_id: 'l' } : item,
      ),
    ),
  ),
  broken(
    'K9',
    'columns that are null show',
    loadingItems((items) =>
      items.map((item) =>
        typeof item === 'object' && item !== null && !Array.isArray(item)
          ? { ...item, title: (item as Item).title ?? null }
          : item,
      ),
    ),
  ),
  broken(
    'K9',
    'its own columns win',
    loadingItems((items) =>
      items.map((item) => {
        const rest = { ...(Object(item) as Item) };
        delete rest.position;
        return typeof item === 'object' && item !== null && 'position' in item ? rest : item;
      }),
    ),
  ),
  broken(
    'K10',
    "a repeated key takes the first one's place",
    onItems((items, before) =>
      items.length === before.length && items.length > 2 && new Set(items.map(textOf)).size < items.length
        ? items.toSorted((a, b) => (textOf(a) < textOf(b) ? -1 : 1))
        : items,
    ),
  ),
];

/** Merge as databases merge documents. */
function merge(before: unknown, change: unknown): unknown {
  if (typeof before !== 'object' || typeof change !== 'object' || before === null || change === null)
    return change;
  if (Array.isArray(before) || Array.isArray(change)) return change;
  const merged = { ...before } as ListState;
  for (const [key, value] of Object.entries(change)) merged[key] = merge(merged[key], value);
  return merged;
}

type Persist = (before: object | null, diff: Record<string, unknown>, full: object) => object | undefined;

/** A store that makes what it writes out of the diff. */
function persisting(make: Persist): StoreClass {
  return class extends ReferenceStore {
    override async persist(
      type: string,
      id: string,
      diff: Record<string, unknown> | null,
      full: unknown,
    ): Promise<void> {
      const before = JSON.parse(this.row(type, id)?.text ?? 'null') as object | null;
      const made = make(before, diff ?? {}, full as object);
      if (made !== undefined) await super.persist(type, id, diff, made);
    }
  };
}

/** A store whose commit, unlike its persist, does something to each write first. */
function committing(change: (write: Write, before: JsonObject | null) => Write): StoreClass {
  return class extends ReferenceStore {
    override async commit(writes: readonly Write[], options?: CommitOptions): Promise<CommitResult> {
      const before = (write: Write) =>
        JSON.parse(this.row(write.type, write.id)?.text ?? 'null') as JsonObject | null;
      return super.commit(
        writes.map((write) => change(write, before(write))),
        options,
      );
    }
  };
}

/** Broken in ways of group D. */
export const brokenDiffs: readonly BrokenStore[] = [
  broken(
    'D1',
    'an empty diff writes nothing',
    persisting((before, diff, full) =>
      before !== null && Object.keys(diff).length === 0 ? undefined : full,
    ),
  ),
  broken(
    'D2',
    'a removal in the diff is not seen',
    persisting((before, diff, full) => ({
      ...before,
      ...(JSON.parse(JSON.stringify({ ...full, ...diff })) as object),
    })),
  ),
  broken(
    'D3',
    'writes the diff over what is there',
    persisting((before, diff, full) => (before === null ? full : { ...before, ...diff })),
  ),
  broken(
    'D3',
    'commit merges the diff into what is there',
    committing((write, before) =>
      write.full === null || before === null || Object.keys(write.diff ?? {}).length === 0
        ? write
        : { ...write, full: { ...before, ...write.diff } as typeof write.full },
    ),
  ),
  broken(
    'D3',
    'writes nothing when the diff is there already',
    persisting((before, diff, full) => {
      const has = (key: string) =>
        JSON.stringify((before as ListState | null)?.[key]) === JSON.stringify(diff[key]);
      return before !== null && Object.keys(diff).length > 0 && Object.keys(diff).every(has)
        ? undefined
        : full;
    }),
  ),
  broken(
    'D4',
    'commit needs a diff',
    committing((write) => {
      if (write.full !== null) Object.keys(write.diff as object);
      return write;
    }),
  ),
  broken(
    'D4',
    'needs a diff',
    class extends ReferenceStore {
      override async persist(
        type: string,
        id: string,
        diff: Record<string, unknown> | null,
        full: unknown,
      ): Promise<void> {
        Object.keys(diff as object);
        await super.persist(type, id, diff, full);
      }
    },
  ),
  broken(
    'D5',
    'starts from the diff',
    persisting((before, diff, full) => (before === null && Object.keys(diff).length > 0 ? diff : full)),
  ),
  broken(
    'D6',
    'merges deeply',
    persisting((before, _, full) => merge(before, full) as object),
  ),
  broken(
    'D7',
    'writes one property at a time',
    persisting((before, diff, full) => {
      const [first, ...rest] = Object.keys(diff);
      return before === null || first === undefined || rest.length < 2
        ? full
        : { ...before, [first]: diff[first] };
    }),
  ),
];
