import type { Kept } from '../contestants/contestant.ts';
import type { CellKey } from '../results.ts';
import type { Change, TodoList } from '../todo-list.ts';
import type { Subject } from './measure.ts';

/** Writes one change after the other of a list to a contestant, and knows what must be there then. */
export class ListWriter implements Subject {
  readonly key: CellKey;
  readonly isAsync: boolean;
  readonly #kept: Pick<Kept, 'isAsync' | 'write' | 'read'>;
  readonly #change: Change;
  readonly #start: TodoList;
  readonly #deliver: (state: TodoList) => TodoList;
  #state: TodoList;
  #turn = 0;

  /**
   * @param start what `seed` writes; changes that let the list grow begin there each time.
   * @param deliver what the caller hands over of a state; default the state itself, whose unchanged items
   *   are the same objects as before.
   */
  constructor(
    key: CellKey,
    kept: Pick<Kept, 'isAsync' | 'write' | 'read'>,
    change: Change,
    start: TodoList,
    deliver: (state: TodoList) => TodoList = (state) => state,
  ) {
    this.key = key;
    this.isAsync = kept.isAsync;
    this.#kept = kept;
    this.#change = change;
    this.#start = start;
    this.#deliver = deliver;
    this.#state = start;
  }

  async seed(): Promise<void> {
    await this.#kept.write(this.#start.id, this.#start);
  }

  async prepare(): Promise<void> {
    if (this.#change.grows === true) await this.seed();
    const from = this.#change.grows === true ? this.#start : this.#state;
    this.#state = this.#deliver(this.#change.next(from, this.#turn++));
  }

  run(): unknown {
    return this.#kept.write(this.#start.id, this.#state);
  }

  /** @throws Error when something else is there than what was written last. */
  async verify(): Promise<void> {
    const there = await this.#kept.read(this.#start.id);
    if (JSON.stringify(there) === JSON.stringify(this.#state)) return;
    throw new Error(`${JSON.stringify(this.key)} does not hold what was written last.`);
  }
}
