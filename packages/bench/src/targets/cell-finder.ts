import { inverse, ratioOf, timeOf, type Ratio } from '../harness/summary.ts';
import type { Cell, CellKey } from '../results.ts';
import type { Verdict } from './verdict.ts';

/** A bound, and which side of it is right. */
export type Bound = { readonly atLeast: number } | { readonly atMost: number };

/** Looks up the cells that a target speaks of. Where a group did not run, there is no verdict. */
export class CellFinder {
  readonly #cells: readonly Cell[];

  constructor(cells: readonly Cell[]) {
    this.#cells = cells;
  }

  find(key: CellKey): Cell | undefined {
    return this.#cells.find(
      (cell) =>
        cell.rounds.length > 0 &&
        (Object.keys(key) as (keyof CellKey)[]).every((name) => cell[name] === key[name]),
    );
  }

  /** How many of `cell` are done in the time of one of `base`. */
  throughput(area: string, target: string, cell: CellKey, base: CellKey, bound: Bound): Verdict[] {
    const ratio = this.#ratio(cell, base, 'mean');
    return ratio === undefined ? [] : [judge(area, target, inverse(ratio), bound, times)];
  }

  /** What a run of `cell` costs in runs of `base`. */
  cost(area: string, target: string, cell: CellKey, base: CellKey, bound: Bound): Verdict[] {
    const ratio = this.#ratio(cell, base, 'median');
    return ratio === undefined ? [] : [judge(area, target, ratio, bound, times)];
  }

  /** How many times faster a run of `cell` is than one of `base`. */
  faster(area: string, target: string, cell: CellKey, base: CellKey, bound: Bound): Verdict[] {
    const ratio = this.#ratio(cell, base, 'median');
    return ratio === undefined ? [] : [judge(area, target, inverse(ratio), bound, times)];
  }

  /** Milliseconds. */
  time(area: string, target: string, key: CellKey, bound: Bound): Verdict[] {
    const cell = this.find(key);
    return cell === undefined
      ? []
      : [judge(area, target, { ...timeOf(cell), best: bestOf(cell) }, bound, (ms) => `${ms.toFixed(2)} ms`)];
  }

  #ratio(cell: CellKey, base: CellKey, of: 'median' | 'mean'): Ratio | undefined {
    const [one, other] = [this.find(cell), this.find(base)];
    return one === undefined || other === undefined ? undefined : ratioOf(one, other, of);
  }
}

/** @param format how a figure and its unit are written. */
export function judge(
  area: string,
  target: string,
  { median, low, high, best }: Ratio,
  bound: Bound,
  format: (value: number) => string,
): Verdict {
  const isFloor = 'atLeast' in bound;
  return {
    area,
    target,
    wanted: isFloor ? `≥ ${format(bound.atLeast)}` : `≤ ${format(bound.atMost)}`,
    measured: low === high ? format(median) : `${format(median)} (${format(low)} – ${format(high)})`,
    best: format(best),
    met: isFloor ? median >= bound.atLeast : median <= bound.atMost,
  };
}

function bestOf({ rounds }: Cell): number {
  return Math.min(...rounds.map(({ median }) => median));
}

function times(value: number): string {
  return value.toFixed(value >= 20 ? 0 : value >= 2 ? 2 : 3);
}
