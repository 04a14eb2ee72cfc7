import type {
  CommitOptions,
  CommitResult,
  Hint,
  PlannedStatement,
  StoreCapabilities,
  Write,
} from '../../store';
import { StoreError } from '../../store-error';
import { pause, turn } from '../turns';
import { ReferenceStore, type ZooWrite } from './reference-store';
import { broken, type BrokenStore } from './zoo-target';

type Listener = (hint: Hint) => void;
type Unsubscribe = () => Promise<void>;

/** Stops for good when the last listener has gone. */
class StoppedStore extends ReferenceStore {
  #stopped = false;
  protected override watching(active: boolean): void {
    if (active && this.#stopped) return;
    this.#stopped = !active;
    super.watching(active);
  }
}

/** Knows listeners by their function. */
class SetOfListenersStore extends ReferenceStore {
  readonly #ends = new Map<Listener, Unsubscribe>();
  override async watch(listener: Listener): Promise<Unsubscribe> {
    if (!this.#ends.has(listener)) this.#ends.set(listener, await super.watch(listener));
    return async () => {
      const end = this.#ends.get(listener);
      this.#ends.delete(listener);
      await end?.();
    };
  }
}

/** Loses the first hint after a second without any. */
class SleepyStore extends ReferenceStore {
  #last = Infinity;
  protected override hint(writes: readonly ZooWrite[], revs: readonly number[]): void {
    const now = performance.now();
    const isQuiet = now - this.#last > 1_000;
    this.#last = now;
    if (!isQuiet) super.hint(writes, revs);
  }
}

/** Its commits end when their listeners have; calls of a listener wait for the commit. */
class AttentiveStore extends ReferenceStore {
  readonly #listening = new Set<unknown>();
  override async watch(listener: Listener): Promise<Unsubscribe> {
    if (typeof listener !== 'function') return super.watch(listener);
    return super.watch((hint) => void this.#listening.add(listener(hint)));
  }
  protected override async write(
    writes: readonly ZooWrite[],
    eventId: string | undefined,
  ): Promise<CommitResult> {
    const result = await super.write(writes, eventId);
    await Promise.allSettled(this.#listening);
    this.#listening.clear();
    return result;
  }
}

/** Its next commit fails with what a listener has rejected with. */
class BlamedStore extends ReferenceStore {
  #blame: Promise<unknown> = Promise.resolve();
  override async watch(listener: Listener): Promise<Unsubscribe> {
    if (typeof listener !== 'function') return super.watch(listener);
    return super.watch((hint) => {
      this.#blame = Promise.resolve(listener(hint));
      this.#blame.catch(() => undefined);
    });
  }
  protected override async write(
    writes: readonly ZooWrite[],
    eventId: string | undefined,
  ): Promise<CommitResult> {
    if (writes[0]?.type !== 'E8Seen') await this.#blame;
    return super.write(writes, eventId);
  }
}

/** A store whose calls, when it is closed meanwhile, are refused. */
class ImpatientStore extends ReferenceStore {
  protected isClosing = false;
  protected override latency(): Promise<void> {
    return turn();
  }
  override close(): Promise<void> {
    this.isClosing = true;
    return super.close();
  }
  protected requireOpen(): void {
    if (this.isClosing) throw new StoreError('STORE_CLOSED', 'The store was closed.');
  }
}

/** Broken in ways of E6, E9, H1 and F9 that only subscriptions and closing show. */
export const brokenSubscriptions: readonly BrokenStore[] = [
  broken('E6', 'watches no more after the last has ended', StoppedStore),
  broken('E6', 'a function is one subscription', SetOfListenersStore),
  broken(
    'E6',
    'hints come after unsubscribing',
    class extends ReferenceStore {
      override async watch(listener: Listener): Promise<Unsubscribe> {
        if (typeof listener !== 'function') return super.watch(listener);
        return super.watch((hint) => void setTimeout(listener, 3, hint));
      }
    },
  ),
  broken('E6', 'loses the first hint after a pause', SleepyStore),
  broken(
    'E6',
    'unsubscribing gives no promise',
    class extends ReferenceStore {
      override async watch(listener: Listener): Promise<Unsubscribe> {
        const end = await super.watch(listener);
        return (() => void end()) as unknown as Unsubscribe;
      }
    },
  ),
  broken(
    'E6',
    'hints come after close',
    class extends ReferenceStore {
      override async watch(listener: Listener): Promise<Unsubscribe> {
        const end = await super.watch(listener);
        this.world.listeners.add(listener);
        return async () => {
          this.world.listeners.delete(listener);
          await end();
        };
      }
    },
  ),
  broken('E8', 'waits for what listeners return', AttentiveStore),
  broken('E8', 'takes the rejection of a listener for its own', BlamedStore),
  broken(
    'E9',
    'others get the first hint of a commit only',
    class extends ReferenceStore {
      protected override hint(writes: readonly ZooWrite[], revs: readonly number[]): void {
        super.hint(writes.slice(0, 1), revs);
        const all = [...this.world.listeners];
        for (const tell of all) if (tell !== this.tell) this.world.listeners.delete(tell);
        super.hint(writes.slice(1), revs.slice(1));
        for (const tell of all) this.world.listeners.add(tell);
      }
    },
  ),
  broken(
    'E9',
    'the hints of a commit have one type',
    class extends ReferenceStore {
      protected override hint(writes: readonly ZooWrite[], revs: readonly number[]): void {
        super.hint(
          writes.map((write) => ({ ...write, type: writes[0]?.type ?? write.type })),
          revs,
        );
      }
    },
  ),
  broken(
    'H1',
    'close refuses loads in flight',
    class extends ImpatientStore {
      override async load(type: string, id: string): Promise<unknown> {
        const state: unknown = await super.load(type, id);
        this.requireOpen();
        return state;
      }
    },
  ),
  broken(
    'H1',
    'close refuses commits of several in flight',
    class extends ImpatientStore {
      override async commit(writes: readonly Write[], options?: CommitOptions): Promise<CommitResult> {
        if (!Array.isArray(writes) || writes.length < 2) return super.commit(writes, options);
        await pause(1);
        this.requireOpen();
        return super.commit(writes, options);
      }
    },
  ),
  broken(
    'F9',
    'disposing does nothing',
    class extends ReferenceStore {
      override async [Symbol.asyncDispose](): Promise<void> {}
    },
  ),
  broken(
    'F9',
    'plans when it is closed',
    class extends ReferenceStore {
      async plan(): Promise<PlannedStatement[]> {
        return [];
      }
    },
  ),
  broken(
    'R13',
    'plan writes',
    class extends ReferenceStore {
      async plan(writes: readonly Write[]): Promise<PlannedStatement[]> {
        await this.commit(writes);
        return [];
      }
    },
  ),
  broken(
    'R13',
    'plan refuses nothing',
    class extends ReferenceStore {
      async plan(): Promise<PlannedStatement[]> {
        return [];
      }
    },
  ),
  broken(
    'A7',
    'capabilities can be changed',
    class extends ReferenceStore {
      override readonly capabilities: StoreCapabilities = {
        atomic: 'multi',
        idempotency: true,
        watch: 'process',
        durability: 'fsync',
      };
    },
  ),
];
