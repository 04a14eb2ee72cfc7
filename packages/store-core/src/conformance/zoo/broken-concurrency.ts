import type { CommitResult, Loaded } from '../../store';
import { turn } from '../turns';
import { ReferenceStore, type ZooWrite } from './reference-store';
import type { ReferenceRow, ReferenceWorld } from './reference-world';
import { broken, type BrokenStore } from './zoo-target';

type Diff = Record<string, unknown> | null;

/** Writes the first half of a list, waits, and writes the rest. */
class TornStore extends ReferenceStore {
  protected override async write(
    writes: readonly ZooWrite[],
    eventId: string | undefined,
  ): Promise<CommitResult> {
    const [only] = writes;
    const before = only === undefined ? undefined : this.row(only.type, only.id);
    const result = await super.write(writes, eventId);
    const after = only === undefined ? undefined : this.row(only.type, only.id);
    if (only === undefined || !before?.text || !after?.text) return result;
    const torn = {
      ...(JSON.parse(after.text) as object),
      items: (JSON.parse(before.text) as { items?: unknown }).items,
    };
    this.world.rows.set(this.rowKey(only.type, only.id), { ...after, text: JSON.stringify(torn) });
    await Promise.resolve();
    const now = JSON.parse(this.row(only.type, only.id)?.text ?? '{}') as object;
    const whole = { ...now, items: (JSON.parse(after.text) as { items?: unknown }).items };
    this.world.rows.set(this.rowKey(only.type, only.id), { ...after, text: JSON.stringify(whole) });
    return result;
  }
}

/** Answers every other load from a copy that is some writes old. */
class ReplicaStore extends ReferenceStore {
  #loads = 0;
  override async load(type: string, id: string): Promise<unknown> {
    const key = this.rowKey(type, id);
    const { world } = this;
    const replica = (world.scratch.get('replica') ?? new Map()) as Map<string, unknown>;
    world.scratch.set('replica', replica);
    const now: unknown = await super.load(type, id);
    const old = replica.get(key);
    if (this.#loads++ % 3 === 0) replica.set(key, now);
    return this.#loads % 2 === 0 && old !== undefined ? structuredClone(old) : now;
  }
}

/** Has a cache that other handles do not know of. */
class CachingStore extends ReferenceStore {
  readonly #cache = new Map<string, Loaded | null>();
  protected override async readLoaded(type: string, id: string): Promise<Loaded | null> {
    const key = this.rowKey(type, id);
    const cached = this.#cache.get(key);
    if (cached !== undefined) return structuredClone(cached);
    const loaded = await super.readLoaded(type, id);
    this.#cache.set(key, structuredClone(loaded));
    return loaded;
  }
  protected override commitNow(writes: readonly ZooWrite[], eventId: string | undefined): CommitResult {
    for (const { type, id } of writes) this.#cache.delete(this.rowKey(type, id));
    return super.commitNow(writes, eventId);
  }
}

/** Serves the instance that it served last, as long as there is something for it. */
class StickyStore extends ReferenceStore {
  readonly #waiting: { key: string; go: () => void }[] = [];
  #current: string | undefined;
  #running = false;

  override async persist(type: string, id: string, diff: Diff, full: unknown): Promise<void> {
    const key = this.rowKey(type, id);
    this.capture(full, { type, id });
    await new Promise<void>((resolve) => {
      this.#waiting.push({ key, go: resolve });
      if (!this.#running) this.#next();
    });
    await super.persist(type, id, diff, full);
    void Promise.resolve()
      .then(() => undefined)
      .then(() => this.#next());
  }

  #next(): void {
    const same = this.#waiting.findIndex(({ key }) => key === this.#current);
    const [next] = this.#waiting.splice(Math.max(same, 0), 1);
    this.#running = next !== undefined;
    this.#current = next?.key;
    next?.go();
  }
}

/** Broken in ways of group C. */
export const brokenConcurrency: readonly BrokenStore[] = [
  broken('C1', 'writes in two steps', TornStore),
  broken(
    'C1',
    'the last one called wins half',
    class extends ReferenceStore {
      override async persist(type: string, id: string, diff: Diff, full: unknown): Promise<void> {
        const { title, items } = (full ?? {}) as { title?: unknown; items?: unknown[] };
        this.world.scratch.set('title', title);
        for (let i = (items?.length ?? 0) % 3; i >= 0; i--) await turn();
        const last = this.world.scratch.get('title');
        await super.persist(
          type,
          id,
          diff,
          title === undefined ? full : { ...(full as object), title: last },
        );
      }
    },
  ),
  broken(
    'C2',
    'reads, changes and writes the whole file',
    class extends ReferenceStore {
      protected override async write(
        writes: readonly ZooWrite[],
        eventId: string | undefined,
      ): Promise<CommitResult> {
        const copy = new Map<string, ReferenceRow>(this.world.rows);
        await turn();
        this.world.rows = copy;
        return this.commitNow(writes, eventId);
      }
    },
  ),
  broken(
    'C3',
    'acknowledges before it writes',
    class extends ReferenceStore {
      override async persist(type: string, id: string, diff: Diff, full: unknown): Promise<void> {
        const state: unknown = JSON.parse(this.capture(full, { type, id }));
        setImmediate(() => void super.persist(type, id, diff, state));
      }
    },
  ),
  broken('C3', 'has a cache that other handles do not know of', CachingStore),
  broken('C4', 'reads from replicas', ReplicaStore),
  broken('C5', 'writes in two steps, and is read between them', TornStore),
  broken('C6', 'has a cache that other handles do not know of (2)', CachingStore),
  broken(
    'C7',
    'makes the storage anew when it opens',
    class extends ReferenceStore {
      protected override async open(): Promise<void> {
        const isNew = this.world.rows.size === 0;
        await turn();
        if (isNew) this.world.rows.clear();
      }
    },
  ),
  broken(
    'C8',
    'loads do not wait behind writes',
    class extends ReferenceStore {
      override async load(type: string, id: string): Promise<unknown> {
        return (await this.readLoaded(type, id))?.state ?? null;
      }
    },
  ),
  broken(
    'C8',
    'small writes overtake large ones',
    class extends ReferenceStore {
      protected override readonly keepsCallOrder = true;
      protected override async write(
        writes: readonly ZooWrite[],
        eventId: string | undefined,
      ): Promise<CommitResult> {
        if ((writes[0]?.full ?? '').length > 5_000) await turn();
        return super.write(writes, eventId);
      }
    },
  ),
  broken('C9', 'serves one instance until it has nothing more', StickyStore),
];

/** Used by the engine's tests too: hangs for good. */
export class HangingStore extends ReferenceStore {
  override load(): Promise<unknown> {
    return new Promise(() => undefined);
  }
}

/** Used by the engine's tests too: two methods, and nothing else. */
export class TwoMethodStore {
  readonly #inner: ReferenceStore;

  constructor(world: ReferenceWorld) {
    this.#inner = new ReferenceStore(world);
  }

  load(type: string, id: string): Promise<unknown> {
    return this.#inner.load(type, id);
  }

  persist(type: string, id: string, diff: Record<string, unknown>, full: unknown): Promise<void> {
    return this.#inner.persist(type, id, diff, full);
  }
}
