import { ReferenceStore } from './reference-store';
import type { ReferenceWorld } from './reference-world';

/**
 * Counts the round trips that follow one another: calls made in the same turn of the event loop travel
 * together, as they would over a network, and count once.
 */
export class RoundTrips {
  inSequence = 0;
  #next: Promise<void> | undefined;

  /** Resolves when the current round trip is over. */
  next(): Promise<void> {
    this.#next ??= new Promise((resolve) => {
      setImmediate(() => {
        this.#next = undefined;
        this.inSequence++;
        resolve();
      });
    });
    return this.#next;
  }
}

/** A right store whose every call takes one round trip: loads, commits, lists, and watching. */
export class RoundTripStore extends ReferenceStore {
  constructor(
    world: ReferenceWorld,
    private readonly trips: RoundTrips,
  ) {
    super(world);
  }

  protected override async open(): Promise<void> {
    await this.trips.next();
    await super.open();
  }

  protected override latency(): Promise<void> {
    return this.trips.next();
  }

  protected override async watching(active: boolean): Promise<void> {
    await this.trips.next();
    super.watching(active);
  }
}
