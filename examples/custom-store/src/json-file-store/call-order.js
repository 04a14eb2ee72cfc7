// @ts-check
/** Runs the calls of one key one after the other, in the order in which they were made. */
export class CallOrder {
  /** The last call of each key that has one running. @type {Map<string, Promise<unknown>>} */
  #last = new Map();

  /**
   * @template T
   * @param {string} key
   * @param {() => Promise<T>} work
   * @returns {Promise<T>}
   */
  run(key, work) {
    // After the one before, whatever became of it: its caller has its error.
    const done = (this.#last.get(key) ?? Promise.resolve()).then(work, work);
    this.#last.set(key, done);
    const forget = () => {
      if (this.#last.get(key) === done) this.#last.delete(key);
    };
    done.then(forget, forget);
    return done;
  }
}
