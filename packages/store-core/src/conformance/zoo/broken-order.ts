import type { CommitResult, Loaded } from '../../store';
import { turn } from '../turns';
import { ReferenceStore, type ZooWrite } from './reference-store';
import { broken, type BrokenStore } from './zoo-target';

/** Keeps the order of calls itself, by a queue for each instance. */
class QueueingStore extends ReferenceStore {
  protected override readonly keepsCallOrder = true;
  readonly #last = new Map<string, Promise<unknown>>();

  protected override latency(): Promise<void> {
    return turn();
  }

  /** Do work when the earlier work of these instances is done. */
  protected async queue<T>(keys: readonly string[], work: () => Promise<T>): Promise<T> {
    const before = Promise.allSettled(keys.map((key) => this.#last.get(key)));
    const done = before.then(work);
    for (const key of keys) this.#last.set(key, done);
    return done;
  }

  protected override readLoaded(type: string, id: string): Promise<Loaded | null> {
    return this.queue([this.rowKey(type, id)], () => super.readLoaded(type, id));
  }

  /** The instances behind whose earlier calls a commit waits. */
  protected keysOf(writes: readonly ZooWrite[]): string[] {
    return writes.map(({ type, id }) => this.rowKey(type, id));
  }

  protected override write(writes: readonly ZooWrite[], eventId: string | undefined): Promise<CommitResult> {
    return this.queue(this.keysOf(writes), () => super.write(writes, eventId));
  }
}

/** Gives ids in another way. */
class LineListingStore extends ReferenceStore {
  protected override async readIds(...args: Parameters<ReferenceStore['readIds']>): Promise<string[]> {
    const ids = await super.readIds(...args);
    return ids.length === 0 ? [] : ids.join('\n').split('\n');
  }
}

/** Has its own list of the ids of a type, made when it was first asked. */
class CachedListingStore extends ReferenceStore {
  readonly #ids = new Map<string, Set<string>>();
  protected override async readIds(
    type: string,
    after: string | undefined,
    limit: number,
  ): Promise<string[]> {
    this.world.read();
    const ids = this.#ids.get(type) ?? new Set(await super.readIds(type, undefined, 10_000));
    this.#ids.set(type, ids);
    return this.page(
      [...ids].sort((a, b) => this.order(a, b)),
      after,
      limit,
    );
  }
  protected override put(write: ZooWrite): number {
    if (write.full === null) this.#ids.get(write.type)?.delete(write.id);
    else this.#ids.get(write.type)?.add(write.id);
    return super.put(write);
  }
}

/** More broken in ways of C8 and E3. */
export const brokenOrder: readonly BrokenStore[] = [
  broken(
    'C8',
    'loadVersioned does not wait behind writes',
    class extends ReferenceStore {
      protected override latency(): Promise<void> {
        return turn();
      }
      override async loadVersioned(type: string, id: string): Promise<Loaded | null> {
        return this.readLoaded(type, id);
      }
    },
  ),
  broken(
    'C8',
    'a commit of several waits for its first instance only',
    class extends QueueingStore {
      protected override keysOf(writes: readonly ZooWrite[]): string[] {
        return super.keysOf(writes).slice(0, 1);
      }
    },
  ),
  broken(
    'C8',
    'removals overtake writes',
    class extends QueueingStore {
      protected override keysOf(writes: readonly ZooWrite[]): string[] {
        return writes.every(({ full }) => full === null) ? [] : super.keysOf(writes);
      }
    },
  ),
  broken(
    'E3',
    'a page counts what is removed',
    class extends ReferenceStore {
      protected override isListed(): boolean {
        return true;
      }
      protected override async readIds(
        type: string,
        ...page: [string | undefined, number]
      ): Promise<string[]> {
        const ids = await super.readIds(type, ...page);
        return ids.filter((id) => typeof this.row(type, id)?.text === 'string');
      }
    },
  ),
  broken(
    'E3',
    'a type is a regular expression',
    class extends ReferenceStore {
      protected override async readIds(
        type: string,
        ...page: [string | undefined, number]
      ): Promise<string[]> {
        const types = [...new Set([...this.world.rows.values()].map((row) => row.type))];
        const found = types.filter((each) => each === type || matches(type, each));
        return (await Promise.all(found.map((each) => super.readIds(each, ...page)))).flat().sort();
      }
    },
  ),
  broken(
    'E3',
    'finds types in a plain object',
    class extends ReferenceStore {
      protected override async readIds(
        type: string,
        ...page: [string | undefined, number]
      ): Promise<string[]> {
        const ids = await super.readIds(type, ...page);
        return type in {} ? [] : ids;
      }
    },
  ),
  broken('E3', 'lists by lines', LineListingStore),
  broken('E3', 'keeps its first listing', CachedListingStore),
];

function matches(pattern: string, type: string): boolean {
  try {
    return new RegExp(`^(?:${pattern})$`).test(type);
  } catch {
    return false;
  }
}
