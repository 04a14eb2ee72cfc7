import type { Trace } from './subject';

/** What every message about a time-out ends with. */
export const ALLOW_MORE = 'Allow more time with `--timeout <ms>` (the `timeout` option).';

/** How long a rule may go on, in milliseconds. */
export interface Limits {
  /** How long no call may settle while one is pending. */
  readonly silence: number;
  /** How long the rule may take in all; time spent waiting for a hint is not counted. */
  readonly total: number;
}

/**
 * Why a rule was given up. `hung`: a call is pending, and nothing settles. `slow`: calls keep settling,
 * and the time is over. `futile`: it made a call of a kind that has hung in rule after rule.
 */
export type Late = 'hung' | 'slow' | 'futile';

/**
 * Watches the calls of one rule, and tells when to give it up. It is told how much time has passed: it
 * has no clock of its own.
 */
export class Pace {
  /** Milliseconds that the rule has been charged for. */
  charged = 0;
  #waits = 0;
  /** For how long no call has settled; `#silence` counts only while a call is pending. */
  #quiet = 0;
  #silence = 0;
  #settled = 0;
  #oldest: unknown;
  #oldestAge = 0;

  constructor(
    private readonly trace: Trace,
    readonly limits: Limits,
  ) {}

  /** Time spent in this work is not charged to the rule: it waits for what the store need not hurry with. */
  async uncharged<T>(work: () => Promise<T>): Promise<T> {
    this.#waits++;
    try {
      return await work();
    } finally {
      this.#waits--;
    }
  }

  /** Some time has passed. @returns why the rule is to be given up, if it is. */
  pass(elapsed: number): Late | undefined {
    const { trace, limits } = this;
    if (trace.futile !== undefined) return 'futile';
    const hasSettled = trace.settled !== this.#settled;
    this.#settled = trace.settled;
    const oldest = trace.oldest();
    this.#oldestAge = oldest !== undefined && oldest === this.#oldest ? this.#oldestAge + elapsed : 0;
    this.#oldest = oldest;
    this.#quiet = hasSettled ? 0 : this.#quiet + elapsed;
    this.#silence = hasSettled || oldest === undefined ? 0 : this.#silence + elapsed;
    if (this.#waits === 0) this.charged += elapsed;
    if (this.#silence >= limits.silence) return 'hung';
    if (this.charged < limits.total) return undefined;
    // A call that nothing ends, while others come and go, is no matter of time.
    return Math.max(this.#oldestAge, this.#quiet) >= limits.silence ? 'hung' : 'slow';
  }
}
