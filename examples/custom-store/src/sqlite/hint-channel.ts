import type { Hint } from '@nasc/store-core';

type Tell = (hint: Hint) => void;

/** The watching handles of this process, by the path of their database. */
const channels = new Map<string, Set<Tell>>();

/** Brings hints to all handles on one database in this process: what `watch: 'process'` means. */
export class HintChannel {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  /** Start (`true`) or stop telling a handle. */
  watching(tell: Tell, active: boolean): void {
    const watchers = channels.get(this.#path) ?? new Set();
    if (active) watchers.add(tell);
    else watchers.delete(tell);
    if (watchers.size > 0) channels.set(this.#path, watchers);
    else channels.delete(this.#path);
  }

  send(hints: readonly Hint[]): void {
    for (const hint of hints) for (const tell of channels.get(this.#path) ?? []) tell(hint);
  }
}
