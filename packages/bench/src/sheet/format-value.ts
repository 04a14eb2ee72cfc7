import { timeOf } from '../harness/summary.ts';
import type { Cell } from '../results.ts';

/** The median and the range of the rounds, in the unit that the median asks for; or why there is none. */
export function formatCell(cell: Cell | undefined): string {
  if (cell === undefined) return '';
  if (cell.rounds.length === 0) return cell.reason ?? '';
  const { median, low, high } = timeOf(cell);
  const [unit, factor] = median < 1 ? ['µs', 1_000] : median < 1_000 ? ['ms', 1] : ['s', 0.001];
  const digits = (value: number): string => formatNumber(value * Number(factor));
  return `${digits(median)} ${unit} (${digits(low)} – ${digits(high)})`;
}

/** Three digits that count. */
export function formatNumber(value: number): string {
  if (value === 0) return '0';
  const magnitude = Math.floor(Math.log10(Math.abs(value)));
  return value.toFixed(Math.max(0, Math.min(3, 2 - magnitude)));
}
