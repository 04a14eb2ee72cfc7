import type { CommitResult, Hint } from '../../store';
import { turn } from '../turns';
import { ReferenceStore, type ZooWrite } from './reference-store';
import type { ReferenceWorld } from './reference-world';
import { broken, type BrokenStore } from './zoo-target';

type StoreClass = new (world: ReferenceWorld) => ReferenceStore;
type Remembered = Parameters<ReferenceStore['remember']>;

/** A store that does something more when it has recorded an event. */
function remembering(then: (world: ReferenceWorld, ...recorded: Remembered) => void): StoreClass {
  return class extends ReferenceStore {
    protected override remember(...recorded: Remembered): void {
      super.remember(...recorded);
      if (recorded[2] !== undefined) then(this.world, ...recorded);
    }
  };
}

function keepingNewest(count: number): StoreClass {
  return remembering(({ events }) => {
    const [oldest = ''] = events.keys();
    if (events.size > count) events.delete(oldest);
  });
}

/** A store that forgets the events of an instance that is written so. */
function forgettingWhen(isForgotten: (write: ZooWrite) => boolean): StoreClass {
  return class extends ReferenceStore {
    protected override put(write: ZooWrite): number {
      const key = this.rowKey(write.type, write.id);
      if (isForgotten(write))
        for (const [eventId, { keys }] of this.world.events)
          if (keys.includes(key)) this.world.events.delete(eventId);
      return super.put(write);
    }
  };
}

/** A store that answers to a duplicate in another way. */
function answering(
  answer: (duplicate: CommitResult, store: Answering, writes: readonly ZooWrite[]) => CommitResult,
): StoreClass {
  return class extends ReferenceStore implements Answering {
    readonly emitOf = (hint: Hint): void => this.world.listeners.forEach((tell) => tell(hint));
    readonly putOf = (write: ZooWrite): number => this.put(write);
    readonly revOf = ({ type, id }: ZooWrite): number => this.row(type, id)?.rev ?? 0;
    protected override duplicate(
      writes: readonly ZooWrite[],
      eventId: string | undefined,
    ): CommitResult | undefined {
      const duplicate = super.duplicate(writes, eventId);
      return duplicate && answer(duplicate, this, writes);
    }
  };
}

interface Answering {
  emitOf(hint: Hint): void;
  putOf(write: ZooWrite): number;
  revOf(write: ZooWrite): number;
}

/** Writes the state, and records the event when the state can be seen already. */
class RecordingLaterStore extends ReferenceStore {
  protected override async write(
    writes: readonly ZooWrite[],
    eventId: string | undefined,
  ): Promise<CommitResult> {
    await this.latency();
    const known = this.duplicate(writes, eventId);
    if (known !== undefined || eventId === undefined) return known ?? super.write(writes, eventId);
    const result = this.commitNow(writes, undefined);
    await this.latency();
    this.remember(writes, result.revs, eventId);
    return result;
  }
}

/** Records the event, and writes the state when the event is known already. */
class RecordingEarlierStore extends ReferenceStore {
  protected override async write(
    writes: readonly ZooWrite[],
    eventId: string | undefined,
  ): Promise<CommitResult> {
    await this.latency();
    const known = this.duplicate(writes, eventId);
    if (known !== undefined || eventId === undefined) return known ?? super.write(writes, eventId);
    for (const [index, write] of writes.entries()) this.compare(write, index);
    this.remember(
      writes,
      writes.map(() => 1),
      eventId,
    );
    await turn();
    const result = this.commitNow(writes, undefined);
    this.remember(writes, result.revs, eventId);
    return result;
  }
}

/** Knows the events that it has recorded itself. */
class OwnEventsStore extends ReferenceStore {
  readonly #own = new Set<string>();
  protected override remember(...recorded: Remembered): void {
    super.remember(...recorded);
    if (recorded[2] !== undefined) this.#own.add(recorded[2]);
  }
  protected override duplicate(
    writes: readonly ZooWrite[],
    eventId: string | undefined,
  ): CommitResult | undefined {
    return this.#own.has(eventId ?? '') ? super.duplicate(writes, eventId) : undefined;
  }
}

/** Broken in ways of group N: how long an event is known, and what a duplicate does. */
export const brokenEventMemory: readonly BrokenStore[] = [
  broken(
    'N1',
    'events go with their instance',
    forgettingWhen(({ full }) => full === null),
  ),
  broken(
    'N1',
    'a later write forgets the events of its instance',
    forgettingWhen(() => true),
  ),
  broken(
    'N1',
    'a write with ifRev forgets the events before',
    forgettingWhen(({ ifRev }) => (ifRev ?? 0) > 0),
  ),
  broken(
    'N1',
    'a creation forgets the events before',
    forgettingWhen(({ ifRev }) => ifRev === 0),
  ),
  broken(
    'N1',
    'keeps the last event of each instance',
    remembering(({ events }, writes, _revs, eventId) => {
      const key = JSON.stringify([writes[0]?.type, writes[0]?.id]);
      for (const [other, { keys }] of events) if (other !== eventId && keys[0] === key) events.delete(other);
    }),
  ),
  broken(
    'N5',
    'keeps 100 events of each instance',
    remembering(({ events }, writes) => {
      const key = JSON.stringify([writes[0]?.type, writes[0]?.id]);
      const own = [...events].filter(([, { keys }]) => keys[0] === key);
      if (own.length > 100) events.delete(own[0]?.[0] ?? '');
    }),
  ),
  broken('N5', 'keeps the newest 100 events', keepingNewest(100)),
  broken('N5', 'keeps the newest 1,000 events', keepingNewest(1_000)),
  broken('N5', 'keeps the newest 2,000 events', keepingNewest(2_000)),
  broken(
    'N5',
    'forgets events after half a second',
    remembering(({ events }, _writes, _revs, eventId) => {
      setTimeout(() => events.delete(eventId ?? ''), 500).unref();
    }),
  ),
  broken('N1', 'knows the events of its handle', OwnEventsStore),
  broken(
    'N1',
    'forgets all events when another handle opens',
    class extends ReferenceStore {
      protected override open(): void {
        this.world.events.clear();
      }
    },
  ),
  broken(
    'N1',
    'forgets all events when a handle closes',
    class extends ReferenceStore {
      protected override shutdown(): void {
        this.world.events.clear();
      }
    },
  ),
  broken(
    'N1',
    'a conflict forgets the newest event',
    class extends ReferenceStore {
      protected override compare(write: ZooWrite, index: number): void {
        try {
          super.compare(write, index);
        } catch (error) {
          const key = this.rowKey(write.type, write.id);
          for (const [eventId, { keys }] of this.world.events)
            if (keys.includes(key)) this.world.events.delete(eventId);
          throw error;
        }
      }
    },
  ),
  broken(
    'N1',
    'keeps 1,000 revs of an event',
    remembering(({ events }, writes, revs, eventId) => {
      const keys = writes.map(({ type, id }) => JSON.stringify([type, id]));
      events.set(eventId ?? '', { keys, revs: revs.slice(0, 1_000) });
    }),
  ),
  broken(
    'N1',
    'a duplicate is told as committed',
    answering(({ revs }) => ({ status: 'committed', revs })),
  ),
  broken(
    'N1',
    'a duplicate without a state removes',
    answering((duplicate, store, writes) => {
      for (const write of writes) if (write.full === null) store.putOf(write);
      return duplicate;
    }),
  ),
  broken(
    'N1',
    'a duplicate of a removal answers 0',
    answering(({ status, revs }, _, writes) => ({
      status,
      revs: revs.map((rev, i) => (writes[i]?.full === null ? 0 : rev)),
    })),
  ),
  broken(
    'N1',
    'a duplicate gives a hint of the next rev',
    answering((duplicate, store, writes) => {
      for (const { type, id, full, ifRev } of writes)
        store.emitOf({ type, id, rev: store.revOf({ type, id, full, ifRev }) + 1, removed: full === null });
      return duplicate;
    }),
  ),
  broken(
    'N1',
    'a duplicate gives a hint of its own state',
    answering((duplicate, store, writes) => {
      for (const [i, { type, id, full }] of writes.entries())
        store.emitOf({ type, id, rev: duplicate.revs[i] ?? 0, removed: full === null });
      return duplicate;
    }),
  ),
  broken('N3', 'records an event when its state can be seen', RecordingLaterStore),
  broken('N3', 'an event is known before its state', RecordingEarlierStore),
];
