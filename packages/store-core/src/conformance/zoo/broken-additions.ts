import type { CommitResult, ListOptions } from '../../store';
import { ReferenceStore, type ZooWrite } from './reference-store';
import type { ReferenceRow } from './reference-world';
import { broken, type BrokenStore } from './zoo-target';

/** Answers `findEvent` from something of its own. */
function finding(
  find: (this: ReferenceStore, eventId: string) => Promise<readonly number[] | undefined>,
): new (...args: ConstructorParameters<typeof ReferenceStore>) => ReferenceStore {
  return class extends ReferenceStore {
    protected override revsOf(eventId: string): Promise<readonly number[] | undefined> {
      return find.call(this, eventId);
    }
  };
}

/** Answers what its own handle has committed. */
class OwnEventsStore extends ReferenceStore {
  readonly #own = new Set<string>();
  protected override remember(...args: Parameters<ReferenceStore['remember']>): void {
    super.remember(...args);
    if (args[2] !== undefined) this.#own.add(args[2]);
  }
  protected override async revsOf(eventId: string): Promise<readonly number[] | undefined> {
    return this.#own.has(eventId) ? super.revsOf(eventId) : undefined;
  }
}

/** Remembers a refused event, for `findEvent`. */
class HastyEventsStore extends ReferenceStore {
  protected override async revsOf(eventId: string): Promise<readonly number[] | undefined> {
    return (
      (await super.revsOf(eventId)) ?? (this.world.scratch.get(`tried ${eventId}`) as number[] | undefined)
    );
  }
  protected override commitNow(writes: readonly ZooWrite[], eventId: string | undefined): CommitResult {
    if (eventId !== undefined)
      this.world.scratch.set(
        `tried ${eventId}`,
        writes.map(() => 1),
      );
    return super.commitNow(writes, eventId);
  }
}

/** Types that were ever written. */
class EverTypesStore extends ReferenceStore {
  protected override async readTypes(after: string | undefined, limit: number): Promise<string[]> {
    await super.readTypes(after, limit);
    const types = [...new Set([...this.world.rows.values()].map(({ type }) => type))].sort(this.order);
    return this.page(types, after, limit);
  }
}

/** Its types are those that were there when it was asked first. */
class KeptTypesStore extends ReferenceStore {
  #kept: string[] | undefined;
  protected override async readTypes(after: string | undefined, limit: number): Promise<string[]> {
    this.#kept ??= await super.readTypes(undefined, Infinity);
    return this.page(this.#kept, after, limit);
  }
}

/** Broken in ways of C11, N8 and E10. */
export const brokenAdditions: readonly BrokenStore[] = [
  broken(
    'C11',
    'list does not wait for unawaited calls',
    class extends ReferenceStore {
      override async list(type: string, options?: ListOptions): Promise<string[]> {
        const { after, limit = 1_000 } = options ?? {};
        if (options !== undefined || typeof type !== 'string' || type === '')
          return super.list(type, options);
        return this.guarded([], () => this.readIds(type, after, limit));
      }
    },
  ),
  broken(
    'C11',
    'types does not wait for unawaited calls',
    class extends ReferenceStore {
      override async types(options?: ListOptions): Promise<string[]> {
        if (options !== undefined) return super.types(options);
        return this.guarded([], () => this.readTypes(undefined, 1_000));
      }
    },
  ),
  broken(
    'C11',
    'list waits for the calls of one instance',
    class extends ReferenceStore {
      override async list(type: string, options?: ListOptions): Promise<string[]> {
        if (options !== undefined || typeof type !== 'string' || type === '')
          return super.list(type, options);
        const first = this.captureWrites([{ type, id: 'a', diff: {}, full: null }]);
        return this.guarded(first, () => this.readIds(type, undefined, 1_000));
      }
    },
  ),
  broken('N8', 'findEvent knows the events of its own handle', OwnEventsStore),
  broken('N8', 'findEvent knows refused events', HastyEventsStore),
  broken(
    'N8',
    'findEvent knows nothing',
    finding(async () => undefined),
  ),
  broken(
    'N8',
    'findEvent takes every name for an event',
    finding(async () => []),
  ),
  broken(
    'N8',
    'findEvent gives undefined for null',
    class extends ReferenceStore {
      override async findEvent(eventId: string): Promise<CommitResult | null> {
        return (await super.findEvent(eventId)) ?? (undefined as unknown as null);
      }
    },
  ),
  broken(
    'N8',
    'findEvent says duplicate',
    class extends ReferenceStore {
      override async findEvent(eventId: string): Promise<CommitResult | null> {
        const found = await super.findEvent(eventId);
        return found && { ...found, status: 'duplicate' };
      }
    },
  ),
  broken(
    'N8',
    'findEvent gives the revs that its instances have now',
    class extends ReferenceStore {
      protected override async revsOf(eventId: string): Promise<readonly number[] | undefined> {
        await super.revsOf(eventId);
        return this.world.events.get(eventId)?.keys.map((key) => this.world.rows.get(key)?.rev ?? 0);
      }
    },
  ),
  broken(
    'N8',
    'findEvent sorts the revs',
    class extends ReferenceStore {
      protected override async revsOf(eventId: string): Promise<readonly number[] | undefined> {
        return (await super.revsOf(eventId))?.toSorted();
      }
    },
  ),
  broken(
    'N8',
    'findEvent uses the event up',
    class extends ReferenceStore {
      protected override async revsOf(eventId: string): Promise<readonly number[] | undefined> {
        const revs = await super.revsOf(eventId);
        if (revs === undefined) this.world.events.set(eventId, { keys: [], revs: [] });
        return revs;
      }
    },
  ),
  broken(
    'N8',
    'findEvent trims event ids',
    class extends ReferenceStore {
      protected override revsOf(eventId: string): Promise<readonly number[] | undefined> {
        return super.revsOf(eventId.trim());
      }
    },
  ),
  broken(
    'N8',
    'findEvent does not wait for the commit before it',
    class extends ReferenceStore {
      override async findEvent(eventId: string): Promise<CommitResult | null> {
        if (typeof eventId !== 'string' || eventId === '') return super.findEvent(eventId);
        const revs = await this.guarded([], () => this.world.events.get(eventId)?.revs);
        return revs === undefined ? null : { status: 'committed', revs: [...revs] };
      }
    },
  ),
  broken(
    'N8',
    'findEvent gives its own record away',
    class extends ReferenceStore {
      override async findEvent(eventId: string): Promise<CommitResult | null> {
        const found = await super.findEvent(eventId);
        return found && { ...found, revs: this.world.events.get(eventId)?.revs as number[] };
      }
    },
  ),
  broken('E10', 'types of removed instances stay', EverTypesStore),
  broken('E10', 'types are kept', KeptTypesStore),
  broken(
    'E10',
    'types come in the order of their first instance',
    class extends ReferenceStore {
      protected override async readTypes(after: string | undefined, limit: number): Promise<string[]> {
        const sorted = await super.readTypes(after, limit);
        const rows = [...this.world.rows.values()];
        const firstOf = (type: string): number => rows.findIndex((row) => row.type === type);
        return sorted.toSorted((a, b) => firstOf(a) - firstOf(b));
      }
    },
  ),
  broken(
    'E10',
    'types are folded',
    class extends ReferenceStore {
      protected override async readTypes(after: string | undefined, limit: number): Promise<string[]> {
        const types = await super.readTypes(after, limit);
        const seen = new Set<string>();
        return types.filter((type) => seen.size < seen.add(type.toLowerCase()).size);
      }
    },
  ),
  broken(
    'E10',
    'after is inclusive for types',
    class extends ReferenceStore {
      protected override async readTypes(after: string | undefined, limit: number): Promise<string[]> {
        const all = await super.readTypes(undefined, Infinity);
        return all.filter((type) => after === undefined || this.order(type, after) >= 0).slice(0, limit);
      }
    },
  ),
  broken(
    'E10',
    'types has no limit',
    class extends ReferenceStore {
      protected override readTypes(after: string | undefined): Promise<string[]> {
        return super.readTypes(after, Infinity);
      }
    },
  ),
  broken(
    'E10',
    'an empty id makes no type',
    class extends ReferenceStore {
      protected override async readTypes(after: string | undefined, limit: number): Promise<string[]> {
        await this.latency();
        const isNamed = ({ id, text }: ReferenceRow): boolean => text !== null && id !== '';
        const types = [...this.world.rows.values()].filter(isNamed).map(({ type }) => type);
        return this.page([...new Set(types)].sort(this.order), after, limit);
      }
    },
  ),
];
