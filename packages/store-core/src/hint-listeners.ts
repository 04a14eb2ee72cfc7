import { isPromise } from './is-promise';
import type { Hint } from './store';

/** The listeners of one handle. */
export class HintListeners {
  readonly #listeners = new Set<{ listener: (hint: Hint) => void }>();

  get size(): number {
    return this.#listeners.size;
  }

  /** @returns a function that removes this listener, and tells whether it was still there. */
  add(listener: (hint: Hint) => void): () => boolean {
    const entry = { listener };
    this.#listeners.add(entry);
    return () => this.#listeners.delete(entry);
  }

  clear(): void {
    this.#listeners.clear();
  }

  /**
   * Give each listener its own copy. One that throws, or gives a promise that rejects, gets a process
   * warning, the others their hint.
   */
  emit(hint: Hint): void {
    for (const { listener } of [...this.#listeners]) {
      try {
        // An async function is a listener, too, for TypeScript.
        const result: unknown = listener({ ...hint });
        if (isPromise(result)) result.then(undefined, warn);
      } catch (error) {
        warn(error);
      }
    }
  }
}

function warn(error: unknown): void {
  const detail = error instanceof Error ? error.stack : String(error);
  process.emitWarning('A listener of store.watch() threw.', { code: 'NASC_WATCH_LISTENER', detail });
}
