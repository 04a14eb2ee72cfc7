import type { Need } from './need';
import type { RuleContext } from './rule-context';

/** One rule of the contract and the one check that tests it. */
export interface Rule {
  /** Group letter and number; never changes. */
  readonly id: string;
  /** What is so when the rule is kept. */
  readonly title: string;
  /** What must be there for the rule to mean anything; without it the outcome is `n/a`. */
  readonly needs?: readonly Need[];
  /**
   * Rules without which this one cannot be kept either: when they fail, its failure is theirs.
   * Default: B2 and B3; for what needs revs, R1 too.
   */
  readonly blockedBy?: readonly string[];
  /** How many times the usual time it may take. */
  readonly patience?: number;
  /**
   * Throws when the rule is broken.
   *
   * @throws ConformanceFailure, or whatever the store rejects with where it should not.
   */
  check(t: RuleContext): Promise<void>;
}
