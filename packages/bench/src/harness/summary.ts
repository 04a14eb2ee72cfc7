import { median } from 'simple-statistics';
import type { Cell, Round } from '../results.ts';

/** A figure of several rounds: their median, and the lowest and the highest of them. */
export interface Spread {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

/** @throws Error when there is nothing to sum up. */
export function spreadOf(values: readonly number[]): Spread {
  return { median: median([...values]), low: Math.min(...values), high: Math.max(...values) };
}

/** The time of one operation in milliseconds: of each round the median of its runs. */
export function timeOf(cell: Cell): Spread {
  const { rounds, operations = 1 } = cell;
  return spreadOf(rounds.map((round) => round.median / operations));
}

/**
 * What one costs in units of the other, round by round: what slows the machine for a while slows both.
 *
 * @param of the figure of a round: its median for the cost of a run, its mean for throughput.
 */
export function ratioOf(cell: Cell, base: Cell, of: 'median' | 'mean'): Spread {
  const cost = (one: Cell, round: Round): number => round[of] / (one.operations ?? 1);
  return spreadOf(
    cell.rounds.flatMap((round, i) => {
      const other = base.rounds[i];
      return other === undefined ? [] : [cost(cell, round) / cost(base, other)];
    }),
  );
}
