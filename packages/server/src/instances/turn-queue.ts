import { AsyncLocalStorage } from 'node:async_hooks';
import { HandlerMistake } from './engine-error';

/** One piece of work, and the work in whose course it was asked for. */
interface Turn {
  readonly key: string;
  readonly parent: Turn | undefined;
}

/**
 * First in, first out for each key: what is asked for second starts when the first has settled. Work on
 * different keys runs side by side. Work that would wait for itself (for its own key, or in a circle
 * with others) is refused instead of waiting for ever.
 */
export class TurnQueue {
  readonly #current = new AsyncLocalStorage<Turn | undefined>();
  readonly #tails = new Map<string, Promise<unknown>>();
  readonly #owners = new Map<string, Turn>();
  /** Only turns within turns: what holds nothing cannot close a circle. */
  readonly #waiting = new Set<Turn>();

  /** @throws HandlerMistake when waiting for the turn would never end. */
  async run<T>(key: string, work: () => Promise<T>): Promise<T> {
    const turn: Turn = { key, parent: this.#current.getStore() };
    if (this.#wouldDeadlock(turn)) throw new HandlerMistake(REENTRANT);
    const before = this.#tails.get(key);
    const { promise: settled, resolve } = Promise.withResolvers<void>();
    this.#tails.set(key, settled);
    try {
      if (before !== undefined) await this.#wait(turn, before);
      this.#owners.set(key, turn);
      return await this.#current.run(turn, work);
    } finally {
      if (this.#owners.get(key) === turn) this.#owners.delete(key);
      if (this.#tails.get(key) === settled) this.#tails.delete(key);
      resolve();
    }
  }

  /** Whether work on a key is under way. */
  isBusy(key: string): boolean {
    return this.#tails.has(key);
  }

  /** Run what belongs to no turn, though it is started within one. */
  outside<T>(work: () => T): T {
    return this.#current.run(undefined, work);
  }

  async #wait(turn: Turn, before: Promise<unknown>): Promise<void> {
    if (turn.parent !== undefined) this.#waiting.add(turn);
    try {
      await before;
    } finally {
      this.#waiting.delete(turn);
    }
  }

  /** Follow the owners: each waits for what is asked for within it. */
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
  'The event waits for itself: a handler sent an event to an instance whose event it is part of. Use ctx.afterCommit.';
