/**
 * The sentence that suggests a known name for a misspelt one: `Did you mean "durability"?`
 *
 * @returns `undefined` when no known name is close: more than a third of it would have to change.
 */
export function didYouMean(name: string, known: readonly string[]): string | undefined {
  let closest: string | undefined;
  let least = Infinity;
  for (const candidate of known) {
    const edits = distance(name.toLowerCase(), candidate.toLowerCase());
    if (edits >= least || edits > Math.max(1, Math.floor(candidate.length / 3))) continue;
    [closest, least] = [candidate, edits];
  }
  return closest === undefined ? undefined : `Did you mean ${JSON.stringify(closest)}?`;
}

/**
 * How many letters to insert, remove, replace or swap with their neighbour to turn one word into the other.
 */
function distance(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const replaced = at(last, column - 1) + (from[row - 1] === to[column - 1] ? 0 : 1);
      const isSwap = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      const swapped = row > 1 && column > 1 && isSwap ? at(beforeLast, column - 2) + 1 : Infinity;
      current.push(Math.min(replaced, swapped, at(last, column) + 1, at(current, column - 1) + 1));
    }
    [beforeLast, last] = [last, current];
  }
  return at(last, to.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Infinity;
}
