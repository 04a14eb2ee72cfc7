import type { StoreCapabilities } from '../store';
import type { Level } from './levels';

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
}

/**
 * What became of a level: `pass` when all its rules that apply pass; `waived` when nothing fails and
 * a waiver voids it; `n/a` when the store does not offer what the level is about; `not run` when
 * some of its rules were left out.
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
