import * as fc from 'fast-check';
import { describeError } from './describe-error';
import { ConformanceFailure } from './failure';
import { cut } from './preview';
import type { Trace } from './subject';

/** How a generated check is run. */
export interface PropertyOptions {
  seed: number;
  /** How many inputs. */
  runs: number;
  trace: Trace;
}

/**
 * Run a check over generated inputs. The input that fails is made as small as a few seconds allow,
 * and told in the failure.
 */
export async function checkProperty<T>(
  arbitrary: fc.Arbitrary<T>,
  check: (input: T) => Promise<void>,
  { seed, runs, trace }: PropertyOptions,
): Promise<void> {
  const property = fc.asyncProperty(arbitrary, async (input) => {
    trace.clear();
    try {
      await check(input);
    } catch (error) {
      if (error instanceof ConformanceFailure) error.calls ??= trace.lines();
      throw error;
    }
  });
  const report = await fc.check(property, {
    seed,
    numRuns: runs,
    interruptAfterTimeLimit: 6_000,
    markInterruptAsFailure: false,
  });
  if (!report.failed) return;
  throw smallest(report.errorInstance, report.counterexample, report.numRuns, report.numShrinks);
}

function smallest(error: unknown, counterexample: unknown, runs: number, shrinks: number): unknown {
  const [input] = (counterexample ?? []) as unknown[];
  const text = `${cut(fc.stringify(input), 1_000)} (input ${runs}, made smaller ${shrinks} times)`;
  if (error instanceof ConformanceFailure) {
    const failure = new ConformanceFailure(error.what, { ...error.details, input: text });
    failure.calls = error.calls;
    return failure;
  }
  return new ConformanceFailure(`the store rejected: ${describeError(error)}`, { input: text });
}
