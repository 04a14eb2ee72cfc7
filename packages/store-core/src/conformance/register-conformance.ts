import { checkNode } from './check-node';
import type { ConformanceTarget } from './define-target';
import { judgeNeed, targetLacks } from './need';
import { refuseSuiteProcess } from './processes/suite-process';
import type { RuleResult } from './report';
import type { Rule } from './rule';
import { GROUPS } from './groups';
import { DEFAULT_SEED, DEFAULT_TIMEOUT, type RunOptions } from './run-conformance';
import { selectRules } from './select-rules';
import { Session } from './session';

/** The two functions of a test runner that the suite needs: those of jest, vitest, mocha and node:test. */
export interface TestRunner {
  describe(title: string, register: () => void): unknown;
  it(title: string, run: () => Promise<void>, timeout?: number): unknown;
}

/**
 * Register one test per rule with a test runner. A rule that does not apply, or is waived, has the
 * reason in its title and an empty test (skipped, where the runner has `it.skip`).
 *
 * What a store offers is known when titles are made if `createWorld` and `open` of the target answer
 * at once. If they answer with promises, a rule that turns out not to apply is skipped while it runs,
 * where the runner can do that, and else passes.
 *
 * @throws Error when Node is older than 22; TypeError when `only` names no rule.
 */
export function registerConformance(
  target: ConformanceTarget,
  runner: TestRunner,
  { seed = DEFAULT_SEED, only, timeout = DEFAULT_TIMEOUT }: Omit<RunOptions, 'onResult'> = {},
): void {
  checkNode();
  refuseSuiteProcess();
  const session = new Session(target, { seed, timeout });
  // A target that cannot be used is told by the tests.
  session.features().catch(() => undefined);
  const rules = selectRules(only);
  runner.describe(`${target.name} keeps the contract of a store (seed ${seed})`, () => {
    for (const [letter, title] of Object.entries(GROUPS)) {
      const group = rules.filter(({ id }) => id.startsWith(letter));
      if (group.length === 0) continue;
      runner.describe(`${letter} ${title}`, () => {
        for (const rule of group) registerRule(rule, session, runner);
      });
    }
  });
}

/**
 * What the runner is told to allow, in milliseconds: a day. The suite itself ends each rule, by its calls
 * and by the round trip, which is measured after the tests are registered.
 */
const RUNNER_LIMIT = 24 * 60 * 60 * 1_000;

function registerRule(rule: Rule, session: Session, runner: TestRunner): void {
  const title = `${rule.id} ${rule.title}`;
  const reason = reasonToSkip(rule, session);
  if (reason !== undefined) {
    const { skip } = runner.it as { skip?: unknown };
    const register = typeof skip === 'function' ? (skip as TestRunner['it']) : runner.it;
    register.call(runner.it, `${title} (${reason})`, async () => undefined);
    return;
  }
  // Rest parameters: a runner that counts parameters must not take this for a callback style.
  const run = async function (this: unknown, ...args: unknown[]): Promise<void> {
    const mocha = this as { timeout?: unknown; skip?: unknown } | undefined;
    if (typeof mocha?.timeout === 'function')
      (mocha.timeout as (ms: number) => void).call(mocha, RUNNER_LIMIT);
    const result = await session.run(rule);
    if (result.outcome === 'n/a') skipNow(result, [args[0], this]);
    if (result.outcome === 'fail' || result.outcome === 'inconclusive') throw verdictError(result);
  };
  runner.it(title, run, RUNNER_LIMIT);
}

/** Why a rule need not be run, as far as that is known before it is. */
function reasonToSkip(rule: Rule, { target, featuresNow }: Session): string | undefined {
  const waiver = target.waivers?.find(({ id }) => id === rule.id);
  if (waiver !== undefined) return `waived: ${waiver.reason}${waiver.issue ? ` ${waiver.issue}` : ''}`;
  for (const need of rule.needs ?? []) {
    const lacking = targetLacks(need, target);
    if (lacking !== undefined) return `n/a: ${lacking}`;
    const judged = featuresNow && judgeNeed(need, target, featuresNow);
    if (judged?.met === false) return `n/a: ${judged.reason}`;
  }
  return undefined;
}

/** vitest and node:test give a context with `skip`, mocha has it on `this`; jest has nothing. */
function skipNow({ message }: RuleResult, contexts: readonly unknown[]): void {
  for (const context of contexts) {
    const { skip } = (context ?? {}) as { skip?: unknown };
    if (typeof skip === 'function') {
      (skip as (reason: string) => void).call(context, `n/a: ${message ?? ''}`);
      return;
    }
  }
}

function verdictError({ id, title, outcome, message, blockedBy }: RuleResult): Error {
  const blocked = blockedBy === undefined ? '' : ` (probably because ${blockedBy} fails)`;
  const error = new Error(
    `${id} ${title}${blocked}: ${outcome === 'fail' ? '' : `${outcome}: `}${message ?? ''}`,
  );
  // The stack would be that of the suite.
  error.stack = `${error.name}: ${error.message}`;
  return error;
}
