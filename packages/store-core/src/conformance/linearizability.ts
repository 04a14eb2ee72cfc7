/** One call in a recorded history of one instance. Times are of one logical clock. */
export interface Operation<State> {
  /** For messages, for example `a.persist(1)`. */
  readonly label: string;
  readonly invoked: number;
  /** When it settled; `Infinity` when it is not known what became of it: it may yet take effect. */
  readonly returned: number;
  /**
   * What the operation makes of a state if it takes effect then.
   *
   * @returns the next state, or `undefined` if its answer could not have come from this state.
   */
  apply(state: State): State | undefined;
}

/** Whether a history is linearizable. */
export type Verdict =
  | { linearizable: true }
  | {
      linearizable: false;
      /** The labels of the longest order that works as far as it goes. */
      order: string[];
      /** The labels of what could come next, and cannot. */
      stuck: string[];
    };

/** A history this long is checked in no time; much longer ones may take for ever. */
export const MAX_OPERATIONS = 100;

/**
 * Look for one order of the operations, each taking effect between its call and its answer, that
 * explains every answer (Wing and Gong's search, with Lowe's memory of what was tried).
 *
 * @param keyOf a text that is the same for the same state.
 */
export function checkLinearizable<State>(
  initial: State,
  operations: readonly Operation<State>[],
  keyOf: (state: State) => string,
): Verdict {
  if (operations.length > MAX_OPERATIONS) {
    throw new RangeError(`A history of ${operations.length} operations is too long to check.`);
  }
  const search = new Search(
    operations.toSorted((a, b) => a.invoked - b.invoked),
    keyOf,
  );
  if (search.from(initial)) return { linearizable: true };
  return { linearizable: false, order: search.longest, stuck: search.stuck };
}

class Search<State> {
  longest: string[] = [];
  stuck: string[] = [];
  readonly #tried = new Set<string>();
  readonly #done: boolean[];
  readonly #order: string[] = [];

  constructor(
    private readonly operations: readonly Operation<State>[],
    private readonly keyOf: (state: State) => string,
  ) {
    this.#done = operations.map(() => false);
  }

  from(state: State): boolean {
    const left = this.operations.filter((_, i) => !this.#done[i]);
    // What has no known outcome need not have happened.
    if (left.every(({ returned }) => returned === Infinity)) return true;
    const key = this.#done.map(Number).join('') + this.keyOf(state);
    if (this.#tried.has(key)) return false;
    this.#tried.add(key);
    const firstReturn = Math.min(...left.map(({ returned }) => returned));
    for (const [i, operation] of this.operations.entries()) {
      if (this.#done[i] === true || operation.invoked > firstReturn) continue;
      const next = operation.apply(state);
      if (next === undefined) continue;
      this.#done[i] = true;
      this.#order.push(operation.label);
      if (this.from(next)) return true;
      this.#order.pop();
      this.#done[i] = false;
    }
    if (this.#order.length >= this.longest.length) {
      this.longest = [...this.#order];
      this.stuck = left.filter(({ invoked }) => invoked <= firstReturn).map(({ label }) => label);
    }
    return false;
  }
}
