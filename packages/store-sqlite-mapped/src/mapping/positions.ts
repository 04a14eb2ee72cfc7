/** The distance between neighbours, so that there is room between them: 20 halvings. */
export const GAP = 2 ** 20;

/** Where positions end; beyond, a list is numbered anew. */
const LIMIT = 2 ** 52;

/**
 * Which of the positions may stay, so that the fewest rows move: a longest increasing subsequence
 * (Fredman 1975), in n log n.
 *
 * @param positions in the order that the list is to have; `null` has none yet.
 */
export function keptPositions(positions: readonly (number | null)[]): boolean[] {
  if (isIncreasing(positions)) return positions.map(() => true);
  /** Of each length, the index of the smallest last position. */
  const tails: number[] = [];
  const before = new Array<number>(positions.length).fill(-1);
  for (const [i, position] of positions.entries()) {
    if (position === null) continue;
    let [low, high] = [0, tails.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((positions[tails[middle] as number] as number) < position) low = middle + 1;
      else high = middle;
    }
    before[i] = low > 0 ? (tails[low - 1] as number) : -1;
    tails[low] = i;
  }
  const kept = positions.map(() => false);
  for (let i = tails.at(-1) ?? -1; i >= 0; i = before[i] as number) kept[i] = true;
  return kept;
}

function isIncreasing(positions: readonly (number | null)[]): boolean {
  return positions.every(
    (position, i) => position !== null && (i === 0 || (positions[i - 1] as number) < position),
  );
}

/**
 * Positions for a list, those that may stay unchanged; all of them anew where there is no room.
 *
 * @param positions in the order that the list is to have; `null` has none yet.
 * @param start before it, everything is where it was, and so it is
 * @param end from here on: what moves is looked for in between.
 */
export function assignPositions(
  positions: readonly (number | null)[],
  start = 0,
  end = positions.length,
): number[] {
  // By hand, rows may have been given no positions, or the same: then nothing is taken as given.
  if (!isIncreasing([...positions.slice(0, start), ...positions.slice(end)])) {
    [start, end] = [0, positions.length];
  }
  const [low, high] = [positions[start - 1] ?? -Infinity, positions[end] ?? Infinity];
  const kept = keptPositions(
    positions.slice(start, end).map((position) => (isBetween(low, position, high) ? position : null)),
  );
  const isKept = (i: number): boolean => i < start || i >= end || (kept[i - start] as boolean);
  const result: number[] = [];
  for (let i = 0; i < positions.length; i++) {
    if (isKept(i)) {
      result.push(positions[i] as number);
      continue;
    }
    let last = i;
    while (last < positions.length && !isKept(last)) last++;
    const run = between(result.at(-1), positions[last] ?? undefined, last - i);
    if (run === undefined) return positions.map((_, at) => at * GAP);
    result.push(...run);
    i = last - 1;
  }
  return result;
}

function isBetween(low: number, position: number | null, high: number): boolean {
  return position !== null && low < position && position < high;
}

/** `count` positions between two, or `undefined` where there is no room. */
function between(low: number | undefined, high: number | undefined, count: number): number[] | undefined {
  const step = low === undefined || high === undefined ? GAP : Math.floor((high - low) / (count + 1));
  const first = low !== undefined ? low + step : high !== undefined ? high - step * count : 0;
  if (step < 1 || Math.abs(first) > LIMIT || Math.abs(first + step * count) > LIMIT) return undefined;
  return Array.from({ length: count }, (_, i) => first + step * i);
}
