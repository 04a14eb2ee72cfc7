import { linearRegression } from 'simple-statistics';

/** How a cost grows. */
export interface Fit {
  readonly exponent: number;
  readonly tail: number;
  readonly slope: number;
}

/**
 * The exponent of `value ~ items ^ exponent`, by least squares over the logarithms; the same between the
 * last two points; and the slope of a straight line.
 */
export function fitGrowth(points: readonly { items: number; value: number }[]): Fit {
  // A cost of nothing has no logarithm.
  const logs = points.map(({ items, value }) => [Math.log(items), Math.log(Math.max(value, 1e-9))]);
  return {
    exponent: linearRegression(logs).m,
    tail: linearRegression(logs.slice(-2)).m,
    slope: linearRegression(points.map(({ items, value }) => [items, value])).m,
  };
}
