import { checkNode } from './check-node';
import type { ConformanceTarget } from './define-target';
import { offeredLevels } from './levels';
import { makeReport } from './make-report';
import { moduleUrl } from './processes/module-url';
import { runInChildren } from './processes/run-in-children';
import { refuseSuiteProcess } from './processes/suite-process';
import type { ConformanceReport, RuleResult } from './report';
import { selectRules } from './select-rules';
import { Session } from './session';

/** Options of {@link runConformance}. */
export interface RunOptions {
  /** What chance starts from; the same seed gives the same verdict. Default: 1. */
  seed?: number | undefined;
  /** Rules (`'C6'`) and groups (`'C'`) to run; default: all. */
  only?: string | readonly string[] | undefined;
  /**
   * How long no call may settle, while one is pending, before the store is taken to hang, in milliseconds.
   * What a rule may take in all is a multiple, and grows with the round trip. Default: 10,000.
   */
  timeout?: number | undefined;
  /** Called after each rule, for progress. */
  onResult?: ((result: RuleResult) => void) | undefined;
}

/** @see RunOptions.seed */
export const DEFAULT_SEED = 1;

/** @see RunOptions.timeout */
export const DEFAULT_TIMEOUT = 10_000;

/**
 * Test a store against all rules, one by one.
 *
 * @param target the target, to run in this process; or the path or file URL of the module whose
 *   default export it is, to run each group in a process of its own: a store that blocks the event
 *   loop, ends the process or crashes natively then fails the rule in which it did, and the next ones
 *   run.
 * @returns the report; what the store does wrong is in it and never thrown.
 * @throws Error when the target itself cannot be used, or Node is older than 22; TypeError when `only` names no rule.
 */
export async function runConformance(
  target: ConformanceTarget | string | URL,
  { seed = DEFAULT_SEED, only, timeout = DEFAULT_TIMEOUT, onResult }: RunOptions = {},
): Promise<ConformanceReport> {
  checkNode();
  refuseSuiteProcess();
  const rules = selectRules(only);
  if (isModule(target)) return runInChildren(moduleUrl(target), rules, { seed, timeout, onResult });
  const session = new Session(target, { seed, timeout });
  const features = await session.features();
  for (const rule of rules) {
    const result = await session.run(rule);
    onResult?.(result);
  }
  const tested = {
    name: target.name,
    capabilities: features.capabilities ?? null,
    offered: offeredLevels(target, features),
  };
  return makeReport(tested, seed, session.results);
}

function isModule(target: ConformanceTarget | string | URL): target is string | URL {
  return typeof target === 'string' || typeof (target as Partial<URL>).href === 'string';
}
