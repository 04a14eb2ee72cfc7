import type { CommitResult, Loaded, StoreCapabilities } from '../../store';
import { StoreError } from '../../store-error';
import { turn } from '../turns';
import { ReferenceStore } from './reference-store';
import { broken, type BrokenStore } from './zoo-target';

/** Knows by a flag that it is closed. */
class FlaggedStore extends ReferenceStore {
  #isClosed = false;
  protected override latency(): Promise<void> {
    return turn();
  }
  override close(): Promise<void> {
    if (this.#isClosed) return Promise.resolve();
    this.#isClosed = true;
    return super.close();
  }
}

/** Finds out what it can do when it opens. */
class ModestStore extends ReferenceStore {
  #isOpen = false;
  constructor(...args: ConstructorParameters<typeof ReferenceStore>) {
    super(...args);
    const durability = () => (this.#isOpen ? 'fsync' : 'none');
    const known: StoreCapabilities = {
      atomic: 'multi',
      idempotency: true,
      watch: 'process',
      durability: 'none',
    };
    Object.defineProperty(this, 'capabilities', {
      get: () => Object.freeze({ ...known, durability: durability() }),
    });
  }
  protected override open(): Promise<void> | void {
    this.#isOpen = true;
    return super.open();
  }
}

/** Has ten connections, and loses one with each row that cannot be read. */
class LeakingStore extends ReferenceStore {
  #connections = 10;
  protected override async readLoaded(type: string, id: string): Promise<Loaded | null> {
    if (this.#connections === 0)
      throw new StoreError('STORE_BUSY', 'No connection is free.', { cause: new Error('pool') });
    try {
      return await super.readLoaded(type, id);
    } catch (error) {
      this.#connections--;
      throw error;
    }
  }
}

/** Looks at the format where a state is loaded or written. */
class LazyFormatStore extends ReferenceStore {
  protected override open(): void {}
  protected override async readLoaded(type: string, id: string): Promise<Loaded | null> {
    this.world.requireKnownFormat();
    return super.readLoaded(type, id);
  }
  protected override async write(...args: Parameters<ReferenceStore['write']>): Promise<CommitResult> {
    this.world.requireKnownFormat();
    return super.write(...args);
  }
}

/** Looks at the format, but not to watch. */
class BlindWatchStore extends LazyFormatStore {
  protected override async readIds(...args: Parameters<ReferenceStore['readIds']>): Promise<string[]> {
    this.world.requireKnownFormat();
    return super.readIds(...args);
  }
}

/** Broken in ways of H1, F2 and F11 that first and last calls show. */
export const brokenOpenings: readonly BrokenStore[] = [
  broken('H1', 'a second close returns at once', FlaggedStore),
  broken('H1', 'finds out its capabilities when it opens', ModestStore),
  broken('F2', 'a load of a corrupt row keeps its connection', LeakingStore),
  broken('F11', 'lists whatever the format is', LazyFormatStore),
  broken('F11', 'watches whatever the format is', BlindWatchStore),
];
