import * as fc from 'fast-check';
import { describeError } from './describe-error';
import { ConformanceFailure, Inconclusive } from './failure';
import { cut } from './preview';
import type { Trace } from './subject';

/** How a generated check is run. */
export interface PropertyOptions {
  seed: number;
  /** How many inputs. */
  runs: number;
  trace: Trace;
}

/** How many calls may be spent on making a failing input smaller. */
const SHRINKING = 2_000;

/**
 * Run a check over generated inputs, over all of them however slow the store is. The input that fails is
 * made as small as some thousand calls allow, and told in the failure.
 *
 * @throws Inconclusive when some input came to no verdict, and none failed.
 */
export async function checkProperty<T>(
  arbitrary: fc.Arbitrary<T>,
  check: (input: T) => Promise<void>,
  { seed, runs, trace }: PropertyOptions,
): Promise<void> {
  let failedAt: number | undefined;
  let undecided: Inconclusive | undefined;
  const property = fc.asyncProperty(arbitrary, async (input) => {
    // An input that is not tried counts as one that does not fail: shrinking ends.
    if (failedAt !== undefined && trace.settled - failedAt > SHRINKING) return;
    trace.clear();
    try {
      await check(input);
    } catch (error) {
      if (error instanceof Inconclusive) return void (undecided ??= error);
      failedAt ??= trace.settled;
      const failure = failureOf(error);
      failure.calls ??= trace.lines();
      trace.found = new ConformanceFailure(failure.what, { ...failure.details, input: shown(input) });
      trace.found.calls = failure.calls;
      throw error;
    }
  });
  const report = await fc.check(property, { seed, numRuns: runs });
  if (!report.failed) {
    if (undecided !== undefined) throw undecided;
    return;
  }
  const [input] = (report.counterexample ?? []) as [unknown?];
  const { what, details, calls } = failureOf(report.errorInstance);
  const times = `(input ${report.numRuns}, made smaller ${report.numShrinks} times)`;
  const failure = new ConformanceFailure(what, { ...details, input: `${shown(input)} ${times}` });
  failure.calls = calls;
  throw failure;
}

function failureOf(error: unknown): ConformanceFailure {
  if (error instanceof ConformanceFailure) return error;
  return new ConformanceFailure(`the store rejected: ${describeError(error)}`);
}

function shown(input: unknown): string {
  return cut(fc.stringify(input), 1_000);
}
