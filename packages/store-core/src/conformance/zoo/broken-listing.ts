import type { Hint, ListOptions } from '../../store';
import { ReferenceStore, type ZooWrite } from './reference-store';
import type { ReferenceRow } from './reference-world';
import { broken, type BrokenStore } from './zoo-target';

type Listener = (hint: Hint) => void;

/** Broken in ways of group E, removal and listing. */
export const brokenListing: readonly BrokenStore[] = [
  broken(
    'E1',
    'a removed state comes back in part',
    class extends ReferenceStore {
      protected override encode(text: string, { type, id }: ZooWrite): string {
        const removed = this.world.scratch.get(this.rowKey(type, id)) as string | undefined;
        return removed === undefined
          ? text
          : JSON.stringify({ ...(JSON.parse(removed) as object), ...(JSON.parse(text) as object) });
      }
      protected override put(write: ZooWrite): number {
        const before = this.row(write.type, write.id);
        const rev = super.put(write);
        if (write.full === null && typeof before?.text === 'string')
          this.world.scratch.set(this.rowKey(write.type, write.id), before.text);
        return rev;
      }
    },
  ),
  broken(
    'E1',
    'remove says true',
    class extends ReferenceStore {
      override async remove(type: string, id: string, options?: { ifRev?: number }): Promise<boolean> {
        await super.remove(type, id, options);
        return true;
      }
    },
  ),
  broken(
    'E1',
    'remove writes {}',
    class extends ReferenceStore {
      override async remove(type: string, id: string, options?: { ifRev?: number }): Promise<boolean> {
        const was = await super.remove(type, id, options);
        if (was) await this.persist(type, id, {}, {});
        return was;
      }
    },
  ),
  broken(
    'E2',
    'remove does not look at ifRev',
    class extends ReferenceStore {
      override remove(type: string, id: string): Promise<boolean> {
        return super.remove(type, id);
      }
    },
  ),
  broken(
    'E3',
    'removed ones are listed',
    class extends ReferenceStore {
      protected override isListed(): boolean {
        return true;
      }
    },
  ),
  broken(
    'E3',
    'types are found by their beginning',
    class extends ReferenceStore {
      protected override async readIds(
        type: string,
        after: string | undefined,
        limit: number,
      ): Promise<string[]> {
        const types = new Set(
          [...this.world.rows.values()].map((row) => row.type).filter((each) => each.startsWith(type)),
        );
        return (await Promise.all([...types].map((each) => super.readIds(each, after, limit)))).flat().sort();
      }
    },
  ),
  broken(
    'E3',
    'lists the id inside the state',
    class extends ReferenceStore {
      protected override async readIds(
        type: string,
        after: string | undefined,
        limit: number,
      ): Promise<string[]> {
        const ids = await super.readIds(type, after, limit);
        return ids.map((id) =>
          String((JSON.parse(this.row(type, id)?.text ?? '{}') as { id?: unknown }).id ?? id),
        );
      }
    },
  ),
  broken(
    'E4',
    'lists all',
    class extends ReferenceStore {
      override list(type: string, options?: ListOptions): Promise<string[]> {
        return super.list(type, { ...options, limit: 10_000 });
      }
    },
  ),
  broken(
    'E4',
    'pages by offset',
    class extends ReferenceStore {
      #offset = 0;
      protected override page(ids: readonly string[], after: string | undefined, limit: number): string[] {
        this.#offset = after === undefined ? 0 : this.#offset;
        const page = ids.slice(this.#offset, this.#offset + limit);
        this.#offset += limit;
        return page;
      }
    },
  ),
  broken(
    'E4',
    'takes any limit',
    class extends ReferenceStore {
      override list(type: string, options?: ListOptions): Promise<string[]> {
        const limit = options?.limit;
        return super.list(
          type,
          Number.isInteger(limit) && Number(limit) > 0 && Number(limit) <= 10_000 ? options : {},
        );
      }
    },
  ),
  broken(
    'E5',
    'UTF-16 order',
    class extends ReferenceStore {
      protected override order(a: string, b: string): number {
        return a < b ? -1 : a > b ? 1 : 0;
      }
    },
  ),
  broken(
    'E5',
    'the order of a locale',
    class extends ReferenceStore {
      protected override order(a: string, b: string): number {
        return a.localeCompare(b, 'en');
      }
    },
  ),
  broken(
    'E5',
    '`after` is inclusive',
    class extends ReferenceStore {
      protected override page(ids: readonly string[], after: string | undefined, limit: number): string[] {
        return ids.filter((id) => after === undefined || this.order(id, after) >= 0).slice(0, limit);
      }
    },
  ),
  broken(
    'E5',
    'an empty `after` is none',
    class extends ReferenceStore {
      protected override page(ids: readonly string[], after: string | undefined, limit: number): string[] {
        return super.page(ids, after === '' ? undefined : after, limit);
      }
    },
  ),
];

/** Broken in ways of group E, watching. */
export const brokenWatching: readonly BrokenStore[] = [
  broken(
    'E6',
    'no hints for own commits',
    class extends ReferenceStore {
      protected override hint(writes: readonly ZooWrite[], revs: readonly number[]): void {
        this.world.listeners.delete(this.tell);
        super.hint(writes, revs);
        this.world.listeners.add(this.tell);
      }
    },
  ),
  broken(
    'E6',
    'no hints for removals',
    class extends ReferenceStore {
      protected override hint(writes: readonly ZooWrite[], revs: readonly number[]): void {
        super.hint(
          writes,
          revs.map((rev, i) => (writes[i]?.full === null ? 0 : rev)),
        );
      }
    },
  ),
  broken(
    'E6',
    'does not tell removals',
    class extends ReferenceStore {
      protected override emit(hint: Hint): void {
        super.emit({ ...hint, removed: false });
      }
    },
  ),
  broken(
    'E6',
    'hints before the commit',
    class extends ReferenceStore {
      protected override commitNow(...args: Parameters<ReferenceStore['write']>) {
        const revs = args[0].map(({ type, id, full }) =>
          full === null ? 0 : (this.row(type, id)?.rev ?? 0) + 1,
        );
        for (const listener of this.world.listeners)
          for (const [i, { type, id }] of args[0].entries())
            if ((revs[i] ?? 0) > 0) listener({ type, id, rev: revs[i] ?? 0, removed: false });
        return super.commitNow(...args);
      }
      protected override async write(...args: Parameters<ReferenceStore['write']>) {
        for (const listener of this.world.listeners)
          for (const { type, id, full } of args[0])
            if (full !== null)
              listener({ type, id, rev: (this.row(type, id)?.rev ?? 0) + 1, removed: false });
        for (let i = 0; i < 8; i++) await this.latency();
        return super.write(...args);
      }
    },
  ),
  broken(
    'E6',
    'drops hints when there are many',
    class extends ReferenceStore {
      #hints = 0;
      protected override hint(writes: readonly ZooWrite[], revs: readonly number[]): void {
        if (this.#hints++ < 50) super.hint(writes, revs);
      }
    },
  ),
  broken(
    'E6',
    'unsubscribing does nothing',
    class extends ReferenceStore {
      override async watch(listener: Listener): Promise<() => Promise<void>> {
        await super.watch(listener);
        return async () => undefined;
      }
    },
  ),
  broken(
    'E7',
    'a hint before the revs are compared',
    class extends ReferenceStore {
      protected override async write(...args: Parameters<ReferenceStore['write']>) {
        for (const listener of this.world.listeners)
          for (const { type, id } of args[0]) listener({ type, id, rev: 1, removed: false });
        return super.write(...args);
      }
    },
  ),
  broken(
    'E7',
    'a hint with the next rev for a duplicate',
    class extends ReferenceStore {
      protected override duplicate(...args: Parameters<ReferenceStore['write']>) {
        const duplicate = super.duplicate(...args);
        this.hint(args[0], duplicate?.revs.map((rev) => rev + 1) ?? []);
        return duplicate;
      }
    },
  ),
  broken(
    'E8',
    'a listener that throws refuses the commit',
    class extends ReferenceStore {
      readonly #bare = new Set<Listener>();
      protected override hint(writes: readonly ZooWrite[], revs: readonly number[]): void {
        super.hint(writes, revs);
        for (const listener of this.#bare)
          for (const { type, id } of writes) listener({ type, id, rev: revs[0] ?? 1, removed: false });
      }
      override async watch(listener: Listener): Promise<() => Promise<void>> {
        const unsubscribe = await super.watch(() => undefined);
        this.#bare.add(listener);
        return unsubscribe;
      }
    },
  ),
  broken(
    'E8',
    'a listener that throws is unsubscribed, and all after it',
    class extends ReferenceStore {
      readonly #bare: Listener[] = [];
      override async watch(listener: Listener): Promise<() => Promise<void>> {
        if (typeof listener !== 'function') return super.watch(listener);
        if (this.#bare.push(listener) > 1) return async () => undefined;
        return super.watch((hint) => {
          for (const [i, each] of this.#bare.entries()) {
            try {
              each(hint);
            } catch (error) {
              if (error instanceof Error) this.#bare.length = i;
            }
          }
        });
      }
    },
  ),
  broken(
    'E9',
    'hints for own commits only',
    class extends ReferenceStore {
      protected override hint(writes: readonly ZooWrite[], revs: readonly number[]): void {
        const all = [...this.world.listeners];
        this.world.listeners.clear();
        if (all.includes(this.tell)) this.world.listeners.add(this.tell);
        super.hint(writes, revs);
        for (const each of all) this.world.listeners.add(each);
      }
    },
  ),
];

const shared: { rows?: Map<string, ReferenceRow> } = {};

/** Broken in ways of the groups U and H. */
export const brokenHandles: readonly BrokenStore[] = [
  broken(
    'U1',
    'everything is gone when it closes',
    class extends ReferenceStore {
      protected override shutdown(): void {
        this.world.rows.clear();
      }
    },
  ),
  broken(
    'U1',
    'closing does not wait for work in flight',
    class extends ReferenceStore {
      #closed = false;
      override async persist(
        type: string,
        id: string,
        diff: Record<string, unknown> | null,
        full: unknown,
      ): Promise<void> {
        if (id === 'last' && this.#closed) return;
        await super.persist(type, id, diff, full);
      }
      protected override async write(...args: Parameters<ReferenceStore['write']>) {
        await this.latency();
        return this.#closed ? { status: 'committed' as const, revs: [1] } : super.write(...args);
      }
      override close(): Promise<void> {
        this.#closed = true;
        return super.close();
      }
    },
  ),
  broken(
    'H1',
    'cannot be closed twice',
    class extends ReferenceStore {
      #closed = false;
      override close(): Promise<void> {
        if (this.#closed) return Promise.reject(new Error('closed already'));
        this.#closed = true;
        return super.close();
      }
    },
  ),
  broken(
    'H1',
    'closing closes the others too',
    class extends ReferenceStore {
      protected override shutdown(): void {
        this.world.isReadonly = true;
      }
    },
  ),
  broken(
    'H5',
    'one storage for all',
    class extends ReferenceStore {
      protected override row(type: string, id: string): ReferenceRow | undefined {
        shared.rows ??= this.world.rows;
        return shared.rows.get(this.rowKey(type, id));
      }
      protected override put(write: ZooWrite): number {
        shared.rows ??= this.world.rows;
        const own = this.world.rows;
        this.world.rows = shared.rows;
        const rev = super.put(write);
        this.world.rows = own;
        return rev;
      }
    },
  ),
];
