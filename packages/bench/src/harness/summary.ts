import { median } from 'simple-statistics';
import type { Cell } from '../results.ts';

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

/** A {@link Spread} of ratios, and the ratio of the best round of the one to the best round of the other. */
export interface Ratio extends Spread {
  readonly best: number;
}

/**
 * What one costs in units of the other, round by round: what slows the machine for a while slows both.
 *
 * @param of the figure of a round: its median for the cost of a run, its mean for throughput.
 */
export function ratioOf(cell: Cell, base: Cell, of: 'median' | 'mean'): Ratio {
  const costs = (one: Cell): number[] => one.rounds.map((round) => round[of] / (one.operations ?? 1));
  const [over, under] = [costs(cell), costs(base)];
  return {
    ...spreadOf(over.slice(0, under.length).map((cost, i) => cost / (under[i] ?? NaN))),
    best: Math.min(...over) / Math.min(...under),
  };
}

/** How many of the other are done in the time of one. */
export function inverse({ median, low, high, best }: Ratio): Ratio {
  return { median: 1 / median, low: 1 / high, high: 1 / low, best: 1 / best };
}
