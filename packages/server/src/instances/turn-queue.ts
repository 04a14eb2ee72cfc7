import { AsyncLocalStorage } from 'node:async_hooks';
import { CallOrder } from '@nasc/store-core';
import { HandlerMistake } from './engine-error';

/** One piece of work, and the work that asked for it. */
interface Turn {
  readonly key: string;
  /** The work that asked for it. */
  readonly parent: Turn | undefined;
}

/**
 * First in, first out for each key, as in {@link CallOrder}. Work that would wait for itself, for its own key
 * or in a circle with others, is refused instead of waiting forever.
 */
export class TurnQueue {
  readonly #current = new AsyncLocalStorage<Turn | undefined>();
  readonly #order = new CallOrder();
  readonly #owners = new Map<string, Turn>();
  /** Only turns within turns: a turn that holds nothing cannot close a circle. */
  readonly #waiting = new Set<Turn>();

  /** @throws HandlerMistake when waiting for the turn would never end. */
  async run<T>(key: string, work: () => Promise<T>): Promise<T> {
    const turn: Turn = { key, parent: this.#current.getStore() };
    if (this.#wouldDeadlock(turn)) throw new HandlerMistake(REENTRANT);
    if (turn.parent !== undefined) this.#waiting.add(turn);
    return this.#order.run([key], async () => {
      this.#waiting.delete(turn);
      this.#owners.set(key, turn);
      try {
        return await this.#current.run(turn, work);
      } finally {
        this.#owners.delete(key);
      }
    });
  }

  /** Whether work on a key is under way. */
  isBusy(key: string): boolean {
    return this.#order.isBusy(key);
  }

  /** Run work that belongs to no turn, even if it is started within one. */
  outside<T>(work: () => T): T {
    return this.#current.run(undefined, work);
  }

  /** Follow the owners: each waits for the turns that were asked for within it. */
  #wouldDeadlock(turn: Turn): boolean {
    if (turn.parent === undefined) return false;
    const seen = new Set<Turn>();
    const open = [this.#owners.get(turn.key)];
    for (const owner of open) {
      if (owner === undefined || seen.has(owner)) continue;
      seen.add(owner);
      if (isWithin(turn, owner)) return true;
      for (const other of this.#waiting) if (isWithin(other, owner)) open.push(this.#owners.get(other.key));
    }
    return false;
  }
}

function isWithin(turn: Turn, outer: Turn): boolean {
  for (let at: Turn | undefined = turn; at !== undefined; at = at.parent) if (at === outer) return true;
  return false;
}

const REENTRANT =
  'Deadlock: a handler awaited an event on an instance that is waiting for this handler. Send it in ctx.afterCommit.';
