/**
 * The positions of a longest increasing subsequence: as many nodes of a list as can stay where they are.
 *
 * @param values distinct numbers
 */
export function longestIncreasing(values: readonly number[]): number[] {
  const tails: number[] = [];
  const previous: number[] = [];
  values.forEach((value, position) => {
    let low = 0;
    let high = tails.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (values[tails[middle]!]! < value) low = middle + 1;
      else high = middle;
    }
    previous[position] = low > 0 ? tails[low - 1]! : -1;
    tails[low] = position;
  });
  const kept: number[] = [];
  for (let at = tails.at(-1) ?? -1; at >= 0; at = previous[at]!) kept.push(at);
  return kept.reverse();
}
