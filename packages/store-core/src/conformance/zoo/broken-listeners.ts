import type { CommitOptions, CommitResult, Hint, Write } from '../../store';
import { StoreError } from '../../store-error';
import { ReferenceStore, type ZooWrite } from './reference-store';
import type { ReferenceRow, ReferenceWorld } from './reference-world';
import { broken, type BrokenStore } from './zoo-target';

type Listener = (hint: Hint) => void;
type Unsubscribe = () => Promise<void>;

/** A store that gives another listener to the reference than it gets. */
function listening(
  wrap: (listener: Listener, store: ReferenceStore) => Listener,
): new (world: ReferenceWorld) => ReferenceStore {
  return class extends ReferenceStore {
    override async watch(listener: Listener): Promise<Unsubscribe> {
      return super.watch(typeof listener === 'function' ? wrap(listener, this) : listener);
    }
  };
}

/** Takes 120 hints in a turn of the event loop. */
class BoundedStore extends ReferenceStore {
  #hints = 0;
  protected override emit(hint: Hint): void {
    if (this.#hints++ === 0) setImmediate(() => (this.#hints = 0));
    if (this.#hints <= 120) super.emit(hint);
  }
}

/** Calls ten listeners. */
class TenListenersStore extends ReferenceStore {
  #count = 0;
  override async watch(listener: Listener): Promise<Unsubscribe> {
    if (typeof listener !== 'function') return super.watch(listener);
    const end = await super.watch(this.#count++ < 10 ? listener : () => undefined);
    return async () => {
      this.#count--;
      await end();
    };
  }
}

/** All handles of a world hear of others through one poller, which the first that closes stops. */
class SharedPollerStore extends ReferenceStore {
  #isOwn = false;
  #hasWatched = false;
  override async watch(listener: Listener): Promise<Unsubscribe> {
    const end = await super.watch(listener);
    this.#hasWatched = true;
    this.world.scratch.delete('stopped');
    return end;
  }
  protected override hint(writes: readonly ZooWrite[], revs: readonly number[]): void {
    this.#isOwn = true;
    super.hint(writes, revs);
    this.#isOwn = false;
  }
  protected override emit(hint: Hint): void {
    if (this.#isOwn || !this.world.scratch.has('stopped')) super.emit(hint);
  }
  protected override shutdown(): void {
    if (this.#hasWatched) this.world.scratch.set('stopped', true);
  }
}

/** Its hints wait for a timer, which ending a subscription clears, but closing does not. */
class DelayedStore extends ReferenceStore {
  override async watch(listener: Listener): Promise<Unsubscribe> {
    if (typeof listener !== 'function') return super.watch(listener);
    let isOver = false;
    const end = await super.watch((hint) => void setTimeout(() => (isOver ? undefined : listener(hint)), 2));
    return async () => {
      isOver = true;
      await end();
    };
  }
}

/** Ends no subscription when it is closed. */
class StrictEndStore extends ReferenceStore {
  #isClosed = false;
  override async watch(listener: Listener): Promise<Unsubscribe> {
    const end = await super.watch(listener);
    return async () => {
      if (this.#isClosed) throw new StoreError('STORE_CLOSED', 'The store was closed.');
      await end();
    };
  }
  override close(): Promise<void> {
    this.#isClosed = true;
    return super.close();
  }
}

/** Reads the message of whatever a listener throws. */
class MessageStore extends ReferenceStore {
  #flaw: TypeError | undefined;
  override async watch(listener: Listener): Promise<Unsubscribe> {
    if (typeof listener !== 'function') return super.watch(listener);
    return super.watch((hint) => {
      try {
        return listener(hint);
      } catch (error) {
        if (error === undefined || error === null) this.#flaw = new TypeError('no message of undefined');
      }
    });
  }
  protected override async write(...args: Parameters<ReferenceStore['write']>): Promise<CommitResult> {
    const result = await super.write(...args);
    const flaw = this.#flaw;
    this.#flaw = undefined;
    if (flaw !== undefined) throw flaw;
    return result;
  }
}

/** Knows whether it is in a hint. */
class HintingStore extends ReferenceStore {
  protected isHinting = false;
  protected override emit(hint: Hint): void {
    this.isHinting = true;
    super.emit(hint);
    this.isHinting = false;
  }
}

/** Its hints come within its transaction. */
class WithinTransactionStore extends HintingStore {
  override async commit(writes: readonly Write[], options?: CommitOptions): Promise<CommitResult> {
    if (this.isHinting) throw new StoreError('STORE_BUSY', 'A transaction is in progress.');
    return super.commit(writes, options);
  }
}

/** Loads that are made within a hint read what was before the commit. */
class SnapshotStore extends HintingStore {
  #before = new Map<string, ReferenceRow>();
  protected override commitNow(...args: Parameters<ReferenceStore['write']>): CommitResult {
    this.#before = new Map(this.world.rows);
    return super.commitNow(...args);
  }
  override async load(type: string, id: string): Promise<unknown> {
    if (!this.isHinting) return super.load(type, id);
    return JSON.parse(this.#before.get(this.rowKey(type, id))?.text ?? 'null') as unknown;
  }
}

/** Goes through its listeners by their number, and takes out those that end. */
class SplicingStore extends ReferenceStore {
  readonly #all: Listener[] = [];
  override async watch(listener: Listener): Promise<Unsubscribe> {
    if (typeof listener !== 'function') return super.watch(listener);
    const end = await super.watch(() => undefined);
    const own: Listener = (hint) => listener(hint);
    this.#all.push(own);
    return async () => {
      if (this.#all.includes(own)) this.#all.splice(this.#all.indexOf(own), 1);
      await end();
    };
  }
  protected override emit(hint: Hint): void {
    for (let i = 0; i < this.#all.length; i++) {
      try {
        void Promise.resolve(this.#all[i]?.(hint)).catch(() => undefined);
      } catch (error) {
        this.world.scratch.set('thrown', error);
      }
    }
  }
  override async close(): Promise<void> {
    await super.close();
    this.#all.length = 0;
  }
}

/** Takes no listeners within a hint. */
class DeafStore extends HintingStore {
  override async watch(listener: Listener): Promise<Unsubscribe> {
    return super.watch(this.isHinting ? () => undefined : listener);
  }
}

/** Broken in ways of E6 and E8 that many listeners, many hints, and calls within hints show. */
export const brokenListeners: readonly BrokenStore[] = [
  broken(
    'E6',
    'sends no hints of long ids',
    listening((listener) => (hint) => (hint.id.length > 7_900 ? undefined : listener(hint))),
  ),
  broken(
    'E6',
    'a poll takes 100 changes of a commit',
    class extends ReferenceStore {
      protected override hint(writes: readonly ZooWrite[], revs: readonly number[]): void {
        super.hint(writes.slice(0, 100), revs);
      }
    },
  ),
  broken('E6', 'takes 120 hints in a turn', BoundedStore),
  broken('E6', 'the eleventh listener is not called', TenListenersStore),
  broken('E6', 'closing one handle ends the hints of others', SharedPollerStore),
  broken('E6', 'hints that wait come after close', DelayedStore),
  broken('E6', 'a subscription cannot be ended after close', StrictEndStore),
  broken('E8', 'reads the message of what a listener throws', MessageStore),
  broken('E8', 'refuses commits within a hint', WithinTransactionStore),
  broken('E8', 'loads what was before the commit within a hint', SnapshotStore),
  broken('E8', 'a listener that ends itself takes the hint of the next', SplicingStore),
  broken('E8', 'who watches within a hint gets nothing', DeafStore),
];
