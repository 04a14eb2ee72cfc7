import { allRules } from './all-rules';
import type { ConformanceTarget } from './define-target';
import { judgeLevels } from './levels';
import type { ConformanceReport, Outcome, RuleResult } from './report';
import type { Rule } from './rule';
import { Session } from './session';

/** Options of {@link runConformance}. */
export interface RunOptions {
  /** What chance starts from; the same seed gives the same verdict. Default: 1. */
  seed?: number | undefined;
  /** Rules (`'C6'`) and groups (`'C'`) to run; default: all. */
  only?: string | readonly string[] | undefined;
  /** How long a rule may take, in milliseconds; a few may take a multiple. Default: 10,000. */
  timeout?: number | undefined;
  /** Called after each rule, for progress. */
  onResult?: ((result: RuleResult) => void) | undefined;
}

/** The suite and the version of its rules, as reports name it. */
export const SUITE = 'nasc-conformance/1';

/** @see RunOptions.seed */
export const DEFAULT_SEED = 1;

/** @see RunOptions.timeout */
export const DEFAULT_TIMEOUT = 10_000;

/**
 * Test a store against all rules, one by one.
 *
 * @returns the report; what the store does wrong is in it and never thrown.
 * @throws Error when the target itself cannot be used; TypeError when `only` names no rule.
 */
export async function runConformance(
  target: ConformanceTarget,
  { seed = DEFAULT_SEED, only, timeout = DEFAULT_TIMEOUT, onResult }: RunOptions = {},
): Promise<ConformanceReport> {
  const session = new Session(target, { seed, timeout });
  const features = await session.features();
  for (const rule of selectRules(only)) {
    const result = await session.run(rule);
    onResult?.(result);
  }
  const { results } = session;
  return {
    suite: SUITE,
    target: target.name,
    seed,
    capabilities: features.capabilities ?? null,
    results,
    levels: judgeLevels(
      allRules.map(({ id }) => id),
      results,
      target,
      features,
    ),
    totals: count(results),
  };
}

/** The rules that `only` names, in the suite's order. */
export function selectRules(only: RunOptions['only']): readonly Rule[] {
  if (only === undefined) return allRules;
  const names = typeof only === 'string' ? only.split(',').map((name) => name.trim()) : only;
  for (const name of names) {
    if (!allRules.some((rule) => isNamed(rule, name)))
      throw new TypeError(`There is no rule or group "${name}".`);
  }
  return allRules.filter((rule) => names.some((name) => isNamed(rule, name)));
}

function isNamed({ id }: Rule, name: string): boolean {
  return id === name || (name.length === 1 && id.startsWith(name));
}

function count(results: readonly RuleResult[]): Record<Outcome, number> {
  const totals: Record<Outcome, number> = { pass: 0, fail: 0, 'n/a': 0, waived: 0, inconclusive: 0 };
  for (const { outcome } of results) totals[outcome]++;
  return totals;
}
