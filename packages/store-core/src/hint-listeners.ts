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

  /** Give each listener its own copy. One that throws gets a process warning, the others their hint. */
  emit(hint: Hint): void {
    for (const { listener } of [...this.#listeners]) {
      try {
        listener({ ...hint });
      } catch (error) {
        const detail = error instanceof Error ? error.stack : String(error);
        process.emitWarning('A listener of store.watch() threw.', { code: 'NASC_WATCH_LISTENER', detail });
      }
    }
  }
}
