import type { Environment } from './environment.ts';
import type { Setup } from './setup.ts';
import type { Verdict } from './targets/verdict.ts';

/** What was measured. */
export interface CellKey {
  readonly group: string;
  readonly work: string;
  readonly subject: string;
  readonly setup: Setup;
  readonly items: number;
}

/** One round of one subject; times in milliseconds per run. */
export interface Round {
  readonly median: number;
  readonly mean: number;
  readonly best: number;
  readonly samples: number;
}

/** A cell of the sheet: rounds, or the reason why there are none. */
export interface Cell extends CellKey {
  readonly rounds: readonly Round[];
  readonly reason?: string | undefined;
  /** How many operations one run is; default 1. */
  readonly operations?: number | undefined;
}

/** A counted or weighed figure, which has no rounds. */
export interface Count {
  readonly group: string;
  readonly work: string;
  readonly subject: string;
  readonly items: number;
  readonly unit: string;
  readonly value: number;
}

/** How a cost grows with the size: `cost ~ size ^ exponent`. */
export interface Growth {
  readonly subject: string;
  readonly cost: string;
  readonly work: string;
  /** Over all sizes. */
  readonly exponent: number;
  /** Between the two largest sizes only, where what is constant weighs least. */
  readonly tail: number;
  /** Units per item, by least squares. */
  readonly slope: number;
  readonly unit: string;
  readonly points: readonly { readonly items: number; readonly value: number }[];
}

/** All that the sheet shows. */
export interface Results {
  readonly environment: Environment;
  readonly setups: readonly { readonly subject: string; readonly setup: Setup; readonly how: string }[];
  readonly cells: readonly Cell[];
  readonly counts: readonly Count[];
  readonly growth: readonly Growth[];
  readonly verdicts: readonly Verdict[];
}
