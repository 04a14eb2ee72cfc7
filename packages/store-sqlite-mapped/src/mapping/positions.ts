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
 * Positions for a list, those that can stay unchanged. Where there is no room, neighbours make some: as many as it
 * takes (the list labelling of Itai, Konheim and Rodeh, 1981), and the whole list only where it is that crowded.
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
  if (!isIncreasing(positions.slice(0, start).concat(positions.slice(end)))) {
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
    let [from, to] = [i, last];
    let run = between(result.at(-1), positions[last] ?? undefined, last - i);
    for (let width = 2 * (last - i); run === undefined; width *= 2) {
      from = Math.max(0, i - width);
      to = Math.min(positions.length, last + width);
      while (to < positions.length && !isKept(to)) to++;
      if (from === 0 && to === positions.length) return positions.map((_, at) => at * GAP);
      run = between(result[from - 1], positions[to] ?? undefined, to - from, to - from);
    }
    // Not spread into a call: a list may be longer than a call can have arguments.
    result.length = from;
    for (const position of run) result.push(position);
    i = to - 1;
  }
  return result;
}

function isBetween(low: number, position: number | null, high: number): boolean {
  return position !== null && low < position && position < high;
}

/** `count` positions between two, or `undefined` where there is no room for them at a distance of `least`. */
function between(
  low: number | undefined,
  high: number | undefined,
  count: number,
  least = 1,
): number[] | undefined {
  const step = low === undefined || high === undefined ? GAP : Math.floor((high - low) / (count + 1));
  const first = low !== undefined ? low + step : high !== undefined ? high - step * count : 0;
  if (step < least || Math.abs(first) > LIMIT || Math.abs(first + step * count) > LIMIT) return undefined;
  return Array.from({ length: count }, (_, i) => first + step * i);
}
