import * as fc from 'fast-check';
import type { RuleContext } from '../rule-context';

/** How many inputs are checked at once, and how often. */
const TOGETHER = 10;
const ROUNDS = 4;

/**
 * Check generated inputs that are independent of each other, ten at a time: over a network they cost the
 * round trips of the longest. A failing batch is made smaller, down to one input alone.
 */
export async function sideBySide<T>(
  t: RuleContext,
  inputs: fc.Arbitrary<T>,
  check: (input: T) => Promise<void>,
  rounds = ROUNDS,
): Promise<void> {
  const slots = Array.from({ length: TOGETHER }, () => fc.option(inputs, { nil: undefined, freq: 50 }));
  const batch = fc.tuple(...slots).map((each) => each.filter((input) => input !== undefined));
  await t.property(batch, rounds, async (each) => {
    // All of them, before the next batch: what is left over must not run beside it.
    const settled = await Promise.allSettled(each.map(check));
    const failed = settled.find(({ status }) => status === 'rejected');
    if (failed?.status === 'rejected') throw failed.reason;
  });
}
