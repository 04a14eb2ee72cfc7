import type { StoreCapabilities } from '../store';

/** How far a store goes; each is earned on its own. */
export type Level = 'Core' | 'Versioned' | 'Transactional' | 'Queryable' | 'Durable' | 'Efficient';

/** What became of a rule. */
export type Outcome = 'pass' | 'fail' | 'n/a' | 'waived' | 'inconclusive';

/** One rule in a report. */
export interface RuleResult {
  id: string;
  title: string;
  outcome: Outcome;
  durationMs: number;
  /** Why it is not `pass`: for a failure, several lines for a person. */
  message?: string;
  /** For a failure: the rule whose failure explains this one. */
  blockedBy?: string;
  /** For a failure: what to pass to run just this again. */
  replay?: string;
  /**
   * What the target must have for the rule to run: nothing else stood in its way. With `pass`: for its
   * part between processes to run. The level of the rule is then not shown.
   */
  lacks?: 'module';
}

/**
 * What became of a level: `pass` when all its rules that apply pass; `waived` when nothing fails and
 * a waiver voids it; `n/a` when the store does not offer what the level is about; `not run` when
 * some of its rules were left out, or could not run because the target lacks what they need of it
 * ({@link RuleResult.lacks}).
 */
export type LevelOutcome = Outcome | 'not run';

/** The whole verdict. Plain JSON. */
export interface ConformanceReport {
  /** The suite and the version of its rules. */
  suite: string;
  target: string;
  seed: number;
  capabilities: StoreCapabilities | null;
  results: RuleResult[];
  levels: Record<Level, LevelOutcome>;
  totals: Record<Outcome, number>;
}
