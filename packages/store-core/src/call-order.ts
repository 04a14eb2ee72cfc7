/**
 * Runs asynchronous work in call order for each key: what is called second starts when what was
 * called first has settled. Work on different keys runs side by side.
 */
export class CallOrder {
  readonly #tails = new Map<string, Promise<unknown>>();

  /** Whether work on a key is under way. */
  isBusy(key: string): boolean {
    return this.#tails.has(key);
  }

  /** Start `work` when everything called before on any of `keys` has settled. */
  async run<T>(keys: readonly string[], work: () => Promise<T> | T): Promise<T> {
    const before = keys.map((key) => this.#tails.get(key)).filter((tail) => tail !== undefined);
    const { promise: settled, resolve } = Promise.withResolvers<void>();
    for (const key of keys) this.#tails.set(key, settled);
    try {
      if (before.length > 0) await Promise.all(before);
      return await work();
    } finally {
      for (const key of keys) if (this.#tails.get(key) === settled) this.#tails.delete(key);
      resolve();
    }
  }

  /**
   * Start `work` when everything called before has settled, on any key that begins with `prefix`. What
   * is called later does not wait for it.
   */
  async runAfter<T>(prefix: string, work: () => Promise<T> | T): Promise<T> {
    const before: Promise<unknown>[] = [];
    for (const [key, tail] of this.#tails) if (key.startsWith(prefix)) before.push(tail);
    if (before.length > 0) await Promise.all(before);
    return await work();
  }
}
