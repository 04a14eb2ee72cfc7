import type { CommitOptions, CommitResult, Write } from '../../store';
import type { StoreError } from '../../store-error';
import { turn } from '../turns';
import { ReferenceStore, type ZooWrite } from './reference-store';
import type { ReferenceWorld } from './reference-world';
import { broken, type BrokenStore } from './zoo-target';

type StoreClass = new (world: ReferenceWorld) => ReferenceStore;

/** A store that has another idea of which commits are the same event. */
function matching(isSame: (recorded: readonly string[], keys: readonly string[]) => boolean): StoreClass {
  return class extends ReferenceStore {
    protected override duplicate(
      writes: readonly ZooWrite[],
      eventId: string | undefined,
    ): CommitResult | undefined {
      const event = this.world.events.get(eventId ?? '');
      const keys = writes.map(({ type, id }) => this.rowKey(type, id));
      if (event === undefined || !isSame(event.keys, keys)) return super.duplicate(writes, eventId);
      return { status: 'duplicate', revs: event.revs.slice(0, Math.max(writes.length, 1)) };
    }
  };
}

/** A store that keeps events by more than their id. */
function recordingBy(nameOf: (eventId: string, writes: readonly ZooWrite[]) => string): StoreClass {
  return class extends ReferenceStore {
    protected override write(
      writes: readonly ZooWrite[],
      eventId: string | undefined,
    ): Promise<CommitResult> {
      return super.write(writes, eventId === undefined ? undefined : nameOf(eventId, writes));
    }
  };
}

/** A store that does something more when it refuses a misuse. */
function misused(then: (store: Misused, writes: readonly ZooWrite[], eventId: string) => void): StoreClass {
  return class extends ReferenceStore implements Misused {
    override readonly world: ReferenceWorld;
    constructor(world: ReferenceWorld) {
      super(world);
      this.world = world;
    }
    readonly recordOf = (writes: readonly ZooWrite[], eventId: string): void =>
      this.remember(
        writes,
        writes.map(() => 1),
        eventId,
      );
    readonly putOf = (write: ZooWrite): number => this.put(write);
    protected override duplicate(
      writes: readonly ZooWrite[],
      eventId: string | undefined,
    ): CommitResult | undefined {
      try {
        return super.duplicate(writes, eventId);
      } catch (error) {
        then(this, writes, eventId ?? '');
        throw error;
      }
    }
  };
}

interface Misused {
  readonly world: ReferenceWorld;
  recordOf(writes: readonly ZooWrite[], eventId: string): void;
  putOf(write: ZooWrite): number;
}

/** Takes locks for instances, and does not give them back when it refuses what is `leaking`. */
function locking(isLeaking: (error: StoreError, eventId: string | undefined) => boolean): StoreClass {
  return class extends ReferenceStore {
    protected override async write(
      writes: readonly ZooWrite[],
      eventId: string | undefined,
    ): Promise<CommitResult> {
      const keys = writes.map(({ type, id }) => `lock ${this.rowKey(type, id)}`);
      if (keys.some((key) => this.world.scratch.has(key))) return new Promise(() => undefined);
      try {
        return await super.write(writes, eventId);
      } catch (error) {
        if (isLeaking(error as StoreError, eventId))
          for (const key of keys) this.world.scratch.set(key, true);
        throw error;
      }
    }
  };
}

/** Looks up what an event meant, waits, and looks for commits of the same instances only. */
class RacingMeaningsStore extends ReferenceStore {
  protected override async write(
    writes: readonly ZooWrite[],
    eventId: string | undefined,
  ): Promise<CommitResult> {
    const known = this.duplicate(writes, eventId);
    await turn();
    if (known !== undefined || eventId === undefined) return known ?? super.write(writes, eventId);
    const keys = writes.map(({ type, id }) => this.rowKey(type, id)).join();
    if (this.world.events.get(eventId)?.keys.join() === keys) return super.write(writes, eventId);
    const result = this.commitNow(writes, undefined);
    this.remember(writes, result.revs, eventId);
    return result;
  }
}

/** Records an event with what it compares, and takes it back for the first write only. */
class RecordedBySecondStore extends ReferenceStore {
  protected override commitNow(writes: readonly ZooWrite[], eventId: string | undefined): CommitResult {
    try {
      return super.commitNow(writes, eventId);
    } catch (error) {
      if ((error as StoreError).code === 'STORE_CONFLICT' && Number((error as StoreError).index) > 0)
        this.remember(
          writes,
          writes.map(() => 0),
          eventId,
        );
      throw error;
    }
  }
}

const sorted = (keys: readonly string[]): string => keys.toSorted().join();

/** Broken in ways of group N: other instances, refusals, and what they leave behind. */
export const brokenEventMisuse: readonly BrokenStore[] = [
  broken(
    'N7',
    'fewer instances are the same event',
    matching((known, keys) => keys.every((key) => known.includes(key))),
  ),
  broken(
    'N7',
    'more instances are the same event',
    matching((known, keys) => known.every((key) => keys.includes(key))),
  ),
  broken(
    'N7',
    'as many instances are the same event',
    matching((known, keys) => known.length === keys.length),
  ),
  broken(
    'N7',
    'the first instance tells the event',
    matching((known, keys) => known[0] === keys[0]),
  ),
  broken(
    'N7',
    'the last instance tells the event',
    matching((known, keys) => known.at(-1) === keys.at(-1)),
  ),
  broken(
    'N7',
    'the first 4 KiB of the keys tell the event',
    matching((known, keys) => known.join().slice(0, 4_096) === keys.join().slice(0, 4_096)),
  ),
  broken(
    'N7',
    'ids tell the event, not types',
    matching((known, keys) => idsOf(known) === idsOf(keys)),
  ),
  broken(
    'N7',
    'instances of an event have no case',
    matching((known, keys) => known.join().toLowerCase() === keys.join().toLowerCase()),
  ),
  broken(
    'N7',
    'instances of an event are trimmed',
    matching((known, keys) => known.join().replace(/\s+"/g, '"') === keys.join().replace(/\s+"/g, '"')),
  ),
  broken(
    'N7',
    'an event of nothing is any event',
    matching((known) => known.length === 0),
  ),
  broken(
    'N7',
    'answers in the order of the first commit',
    matching((known, keys) => sorted(known) === sorted(keys)),
  ),
  broken(
    'N7',
    'events are those of their instance',
    recordingBy((eventId, [first]) => JSON.stringify([eventId, first?.type, first?.id])),
  ),
  broken(
    'N7',
    'events are those of their type',
    recordingBy((eventId, [first]) => JSON.stringify([eventId, first?.type])),
  ),
  broken(
    'N7',
    'a misuse forgets the event',
    misused(({ world }, _, eventId) => world.events.delete(eventId)),
  ),
  broken(
    'N7',
    'a misuse replaces the event',
    misused((store, writes, eventId) => store.recordOf(writes, eventId)),
  ),
  broken(
    'N7',
    'a misuse is written, then refused',
    misused((store, writes) => writes.forEach((write) => store.putOf(write))),
  ),
  broken(
    'N7',
    'a misuse leaves its instances locked',
    locking(({ code }, eventId) => eventId !== undefined && code === 'STORE_INVALID_ARGUMENT'),
  ),
  broken(
    'N4',
    'a refused event leaves its instances locked',
    locking(({ code }, eventId) => eventId !== undefined && code === 'STORE_CONFLICT'),
  ),
  broken('N7', 'a race for an event lets all instances through', RacingMeaningsStore),
  broken('N4', 'a conflict of a later write uses its event up', RecordedBySecondStore),
  broken(
    'N6',
    'compares ifRev of several before the event',
    class extends ReferenceStore {
      protected override duplicate(
        writes: readonly ZooWrite[],
        eventId: string | undefined,
      ): CommitResult | undefined {
        if (writes.length > 1) for (const [index, write] of writes.entries()) this.compare(write, index);
        return super.duplicate(writes, eventId);
      }
    },
  ),
  broken(
    'N4',
    'an invalid state uses its event up',
    class extends ReferenceStore {
      override async commit(writes: readonly Write[], options?: CommitOptions): Promise<CommitResult> {
        try {
          return await super.commit(writes, options);
        } catch (error) {
          if ((error as StoreError).code === 'STORE_INVALID_STATE' && options?.eventId !== undefined)
            this.world.events.set(options.eventId, { keys: [], revs: [] });
          throw error;
        }
      }
    },
  ),
];

function idsOf(keys: readonly string[]): string {
  return keys.map((key) => (JSON.parse(key) as string[])[1]).join();
}
