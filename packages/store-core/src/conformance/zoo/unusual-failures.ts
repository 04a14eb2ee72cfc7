import type { CommitResult, Store } from '../../store';
import { StoreError } from '../../store-error';
import { pause } from '../turns';
import { ReferenceStore, type ZooWrite } from './reference-store';
import type { ReferenceWorld } from './reference-world';

/** Writes once more, at once, what the storage has not taken: nothing can come in between. */
class RetryingStore extends ReferenceStore {
  protected override commitNow(writes: readonly ZooWrite[], eventId: string | undefined): CommitResult {
    try {
      return super.commitNow(writes, eventId);
    } catch (error) {
      if (error instanceof StoreError) throw error;
      return super.commitNow(writes, eventId);
    }
  }
}

/** Takes its time to close. */
class SlowClosingStore extends ReferenceStore {
  protected override async shutdown(): Promise<void> {
    await pause(50);
  }
}

/** Right stores that fail, and close, in ways of their own. */
export const unusualFailures: readonly (readonly [string, new (world: ReferenceWorld) => Store])[] = [
  ['tries a failing write once more', RetryingStore],
  ['takes 50 ms to close', SlowClosingStore],
];
