import type { Patch, WholeInstance } from '@nasc/client';

/** What came to one tab at once. */
export interface Delivery {
  /** `""` when there was none. */
  cursor: string;
  patches: Patch[];
  /** Present when the patches are the whole of an instance, and the tab has asked to be told. */
  whole?: WholeInstance;
  /** Present when an event is acknowledged. */
  ack?: string;
  /** Why it was refused. */
  error?: string;
}

/** What comes, in order; `next` waits for what has not come yet. */
export class Inbox {
  readonly #come: Delivery[] = [];
  readonly #wanted: PromiseWithResolvers<Delivery>[] = [];
  #hasEnded = false;

  push(delivery: Delivery): void {
    const wanted = this.#wanted.shift();
    if (wanted === undefined) this.#come.push(delivery);
    else wanted.resolve(delivery);
  }

  /** No more will come: those who wait hear of it, and those who ask later. */
  end(): void {
    this.#hasEnded = true;
    for (const { reject } of this.#wanted.splice(0)) reject(ended());
  }

  next(): Promise<Delivery> {
    const come = this.#come.shift();
    if (come !== undefined) return Promise.resolve(come);
    if (this.#hasEnded) return Promise.reject(ended());
    const wanted = Promise.withResolvers<Delivery>();
    this.#wanted.push(wanted);
    return wanted.promise;
  }
}

function ended(): Error {
  return new Error('The connection has ended.');
}
