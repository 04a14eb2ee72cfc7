import type { StoreCapabilities } from '../store';
import { allRules } from './all-rules';
import { judgeLevels } from './levels';
import type { ConformanceReport, Level, Outcome, RuleResult } from './report';

/** The suite and the version of its rules, as reports name it. */
export const SUITE = 'nasc-conformance/1';

/** What a report says of the store. */
export interface Tested {
  readonly name: string;
  readonly capabilities: StoreCapabilities | null;
  readonly offered: readonly Level[];
}

/** The report of a run. */
export function makeReport(
  { name, capabilities, offered }: Tested,
  seed: number,
  results: RuleResult[],
): ConformanceReport {
  const ids = allRules.map(({ id }) => id);
  const levels = judgeLevels(ids, results, offered);
  return { suite: SUITE, target: name, seed, capabilities, results, levels, totals: count(results) };
}

function count(results: readonly RuleResult[]): Record<Outcome, number> {
  const totals: Record<Outcome, number> = { pass: 0, fail: 0, 'n/a': 0, waived: 0, inconclusive: 0 };
  for (const { outcome } of results) totals[outcome]++;
  return totals;
}
