import { captureState, type StatePlace } from '../../capture-state';
import type { JsonObject } from '../../json-value';
import type { Loaded } from '../../store';
import { ReferenceStore, type ZooWrite } from './reference-store';
import { broken, type BrokenStore } from './zoo-target';

type State = Record<string, unknown>;

/** Broken in ways of group B. */
export const brokenBasics: readonly BrokenStore[] = [
  broken(
    'B1',
    'undefined for what is absent',
    class extends ReferenceStore {
      override async load(type: string, id: string): Promise<unknown> {
        return (await super.load(type, id)) ?? undefined;
      }
    },
  ),
  broken(
    'B2',
    'persist does nothing',
    class extends ReferenceStore {
      override async persist(): Promise<void> {}
    },
  ),
  broken(
    'B2',
    'load gives the text',
    class extends ReferenceStore {
      override async load(type: string, id: string): Promise<unknown> {
        const state: unknown = await super.load(type, id);
        return state === null ? null : JSON.stringify(state);
      }
    },
  ),
  broken(
    'B3',
    'inserts, never updates',
    class extends ReferenceStore {
      protected override put(write: ZooWrite): number {
        return this.row(write.type, write.id) === undefined ? super.put(write) : 1;
      }
    },
  ),
  broken(
    'B4',
    'merges full into the earlier state',
    class extends ReferenceStore {
      protected override encode(text: string, { type, id }: ZooWrite): string {
        const before = this.row(type, id)?.text ?? '{}';
        return JSON.stringify({ ...(JSON.parse(before) as State), ...(JSON.parse(text) as State) });
      }
    },
  ),
  broken(
    'B5',
    'throws where it should reject',
    class extends ReferenceStore {
      override load(type: string, id: string): Promise<unknown> {
        if (typeof id !== 'string') throw new TypeError('id must be a string');
        return super.load(type, id);
      }
    },
  ),
  broken(
    'B5',
    'answers with a value where it has one',
    class extends ReferenceStore {
      override load(type: string, id: string): Promise<unknown> {
        return this.row(type, id) === undefined ? (null as never) : super.load(type, id);
      }
    },
  ),
  broken(
    'B6',
    'an empty object is nothing',
    class extends ReferenceStore {
      protected override decode(text: string): JsonObject {
        return text === '{}' ? (null as never) : super.decode(text);
      }
    },
  ),
  broken(
    'B6',
    'falsy leaves are left out',
    class extends ReferenceStore {
      protected override encode(text: string): string {
        return JSON.stringify(JSON.parse(text, (_, value: unknown) => (value === '' ? undefined : value)));
      }
    },
  ),
  broken(
    'B7',
    'any root is stored',
    class extends ReferenceStore {
      protected override capture(full: unknown, place: StatePlace): string {
        return Array.isArray(full) ? JSON.stringify(full) : captureState(full, place);
      }
    },
  ),
  broken(
    'B7',
    'null removes, through persist too',
    class extends ReferenceStore {
      override async persist(type: string, id: string, diff: State | null, full: unknown): Promise<void> {
        if (full === null) await this.remove(type, id);
        else await super.persist(type, id, diff, full);
      }
    },
  ),
  broken(
    'B8',
    'loading makes a row',
    class extends ReferenceStore {
      protected override isListed(): boolean {
        return true;
      }
      protected override async readLoaded(type: string, id: string): Promise<Loaded | null> {
        const key = this.rowKey(type, id);
        if (!this.world.rows.has(key)) this.world.rows.set(key, { type, id, text: null, rev: 0 });
        return super.readLoaded(type, id);
      }
    },
  ),
  broken(
    'B8',
    'loading takes a rev',
    class extends ReferenceStore {
      protected override async readLoaded(type: string, id: string): Promise<Loaded | null> {
        const row = this.row(type, id);
        if (row !== undefined) this.world.rows.set(this.rowKey(type, id), { ...row, rev: row.rev + 1 });
        return super.readLoaded(type, id);
      }
    },
  ),
  broken(
    'B9',
    'children are appended on each persist',
    class extends ReferenceStore {
      protected override encode(text: string, { type, id }: ZooWrite): string {
        const before = this.row(type, id)?.text;
        const state = JSON.parse(text) as { items?: unknown };
        if (before !== text || !Array.isArray(state.items)) return text;
        return JSON.stringify({
          ...state,
          items: [...(state.items as unknown[]), ...(state.items as unknown[])],
        });
      }
    },
  ),
  broken(
    'B10',
    'persist gives the result of the driver',
    class extends ReferenceStore {
      override async persist(type: string, id: string, _diff: State | null, full: unknown): Promise<void> {
        const result = await this.commit([{ type, id, diff: {}, full: full as JsonObject }]);
        return result as unknown as void;
      }
    },
  ),
  broken(
    'B11',
    'keeps the newest 900 instances',
    class extends ReferenceStore {
      protected override put(write: ZooWrite): number {
        const rev = super.put(write);
        const [oldest] = this.world.rows.keys();
        if (this.world.rows.size > 900 && oldest !== undefined) this.world.rows.delete(oldest);
        return rev;
      }
    },
  ),
];
