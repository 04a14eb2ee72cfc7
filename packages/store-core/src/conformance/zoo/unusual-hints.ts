import type { Hint, Store } from '../../store';
import { ReferenceStore, type ZooWrite } from './reference-store';
import type { ReferenceWorld } from './reference-world';

/** Tells, each time its timer rings, what it has kept; in the meantime it keeps the newest of each instance. */
abstract class TimedStore extends ReferenceStore {
  readonly #kept = new Map<string, Hint>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  protected abstract readonly milliseconds: number;
  protected override emit(hint: Hint): void {
    this.#kept.set(this.rowKey(hint.type, hint.id), hint);
    this.#timer ??= setTimeout(() => {
      const hints = [...this.#kept.values()];
      this.#forget();
      for (const each of hints) super.emit(each);
    }, this.milliseconds);
  }
  #forget(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#kept.clear();
  }
  protected override watching(active: boolean): void {
    if (!active) this.#forget();
    super.watching(active);
  }
}

class SlowlyMergingStore extends TimedStore {
  protected readonly milliseconds = 50;
}

/** Tells everything up to three times, and what happened in one turn in another order. */
class ReorderingStore extends ReferenceStore {
  #kept: Hint[] = [];
  #isActive = false;
  protected override emit(hint: Hint): void {
    if (this.#kept.push(hint) > 1) return;
    setImmediate(() => {
      const hints = this.#kept.splice(0).reverse();
      if (!this.#isActive) return;
      for (const [n, each] of hints.entries()) for (let times = 0; times <= n % 3; times++) super.emit(each);
    });
  }
  protected override watching(active: boolean): void {
    this.#isActive = active;
    if (!active) this.#kept.splice(0);
    super.watching(active);
  }
}

/** Asks the storage for one page after the other, of at most 500 ids. */
class PagewiseStore extends ReferenceStore {
  protected override async readIds(type: string, after: string | undefined, limit: number) {
    const ids: string[] = [];
    for (let from = after; ids.length < limit;) {
      const size = Math.min(500, limit - ids.length);
      const page = await super.readIds(type, from, size);
      ids.push(...page);
      if (page.length < size) break;
      from = page.at(-1);
    }
    return ids;
  }
}

/** Each commit has a change number; who watches asks for the later ones, five times a second. */
class PollingStore extends ReferenceStore {
  #timer: ReturnType<typeof setInterval> | undefined;
  #told = 0;
  get #changes(): Hint[] {
    const changes = (this.world.scratch.get('changes') ?? []) as Hint[];
    this.world.scratch.set('changes', changes);
    return changes;
  }
  protected override hint(writes: readonly ZooWrite[], revs: readonly number[]): void {
    for (const [n, { type, id, full }] of writes.entries()) {
      const rev = revs[n] ?? 0;
      if (rev > 0) this.#changes.push({ type, id, rev, removed: full === null });
    }
  }
  protected override watching(active: boolean): void {
    clearInterval(this.#timer);
    if (!active) return;
    this.#told = this.#changes.length;
    this.#timer = setInterval(() => {
      const changes = this.#changes.slice(this.#told);
      this.#told += changes.length;
      for (const hint of changes) this.emit(hint);
    }, 200);
  }
}

/** Right stores whose hints or lists come in other ways. */
export const unusualHints: readonly (readonly [string, new (world: ReferenceWorld) => Store])[] = [
  ['merges the hints of 50 ms', SlowlyMergingStore],
  ['repeats hints and tells them in another order', ReorderingStore],
  ['lists with one query per 500 ids', PagewiseStore],
  ['polls for hints every 200 ms', PollingStore],
];
