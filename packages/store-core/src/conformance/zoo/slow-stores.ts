import type { CommitResult, Loaded, Store } from '../../store';
import { StoreError } from '../../store-error';
import { pause, ticks } from '../turns';
import { ReferenceStore, type ZooWrite } from './reference-store';
import type { ReferenceWorld } from './reference-world';

/** Every call takes some milliseconds, as over a network. */
class DistantStore extends ReferenceStore {
  constructor(
    world: ReferenceWorld,
    private readonly milliseconds: number,
  ) {
    super(world);
  }
  protected override latency(): Promise<void> {
    return pause(this.milliseconds);
  }
}

/** Opening takes its time, as where a connection is made and a schema looked at. */
class SlowToOpenStore extends ReferenceStore {
  protected override async open(): Promise<void> {
    await pause(300);
    await super.open();
  }
}

/** Looks for what has changed each second. */
class PollingStore extends ReferenceStore {
  #seen = new Map<string, number>();
  #timer: ReturnType<typeof setInterval> | undefined;

  protected override watching(active: boolean): void {
    clearInterval(this.#timer);
    this.#timer = active ? setInterval(() => this.#poll(), 1_000) : undefined;
    if (active) this.#seen = new Map([...this.world.rows].map(([key, { rev }]) => [key, rev]));
  }

  #poll(): void {
    for (const [key, { type, id, rev, text }] of this.world.rows) {
      if (this.#seen.get(key) === rev) continue;
      this.#seen.set(key, rev);
      this.emit({ type, id, rev, removed: text === null });
    }
  }
}

/**
 * Writes that wait for one another; now and then one waits for too long. Never one behind which other calls of its
 * handle wait, since those would overtake it when it is made again.
 */
class BusyStore extends ReferenceStore {
  #outstanding = 0;
  override load(...args: Parameters<ReferenceStore['load']>): Promise<unknown> {
    return this.#counted(() => super.load(...args));
  }
  override loadVersioned(...args: Parameters<ReferenceStore['loadVersioned']>): Promise<Loaded | null> {
    return this.#counted(() => super.loadVersioned(...args));
  }
  override persist(...args: Parameters<ReferenceStore['persist']>): Promise<void> {
    return this.#counted(() => super.persist(...args));
  }
  override commit(...args: Parameters<ReferenceStore['commit']>): Promise<CommitResult> {
    return this.#counted(() => super.commit(...args));
  }
  #counted<T>(call: () => Promise<T>): Promise<T> {
    this.#outstanding++;
    return call().finally(() => this.#outstanding--);
  }
  protected override async write(
    writes: readonly ZooWrite[],
    eventId: string | undefined,
  ): Promise<CommitResult> {
    const writers = this.#shared('writers', () => new Map<Store, number>());
    const contentions = this.#shared('contentions', () => ({ count: 0 }));
    writers.set(this, (writers.get(this) ?? 0) + 1);
    try {
      await ticks(4);
      const others = [...writers].some(([store, count]) => store !== this && count > 0);
      if (others && this.#outstanding === 1 && ++contentions.count % 6 === 0) {
        const cause = new Error('SQLITE_BUSY');
        throw new StoreError('STORE_BUSY', 'Another writer holds the lock.', { cause });
      }
      return await super.write(writes, eventId);
    } finally {
      writers.set(this, (writers.get(this) ?? 0) - 1);
    }
  }

  #shared<T>(name: string, make: () => T): T {
    if (!this.world.scratch.has(name)) this.world.scratch.set(name, make());
    return this.world.scratch.get(name) as T;
  }
}

/** A right store that takes its time. */
export interface SlowStore {
  readonly name: string;
  open(world: ReferenceWorld): Store;
}

/** Right stores for which a suite that goes by the clock has no patience. */
export const slowStores: readonly SlowStore[] = [
  ...[1, 5, 20].map((milliseconds) => ({
    name: `takes ${milliseconds} ms for each call`,
    open: (world: ReferenceWorld) => new DistantStore(world, milliseconds),
  })),
  { name: 'takes 300 ms to open', open: (world) => new SlowToOpenStore(world) },
  { name: 'looks for changes each second', open: (world) => new PollingStore(world) },
  { name: 'is busy now and then while others write', open: (world) => new BusyStore(world) },
];
