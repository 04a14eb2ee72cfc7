/** One thing that a client did in a history of appends, in the order of one logical clock. */
export interface Observation {
  /** For messages, for example `t3 (x, y)`. */
  readonly label: string;
  readonly invoked: number;
  readonly returned: number;
  /** What was seen of each list, before an append of one's own. */
  readonly seen: ReadonlyMap<string, readonly string[]>;
  /** The element appended to each list; for a read, nothing. */
  readonly appended: ReadonlyMap<string, string>;
}

/**
 * Look for a cycle among transactions that append to lists (the idea of Elle): the final order of
 * each list tells who wrote after whom, what was seen tells who read before or after whom, and the
 * clock tells who had ended before another began. If there is no order of all of them, there is a
 * cycle.
 *
 * @param final what each list holds in the end; no element is in it twice.
 * @returns the labels of a cycle, or `undefined`.
 */
export function findCycle(
  observations: readonly Observation[],
  final: ReadonlyMap<string, readonly string[]>,
): string[] | undefined {
  const edges = observations.map(() => new Set<number>());
  addListEdges(observations, final, edges);
  for (const [i, a] of observations.entries()) {
    for (const [j, b] of observations.entries()) if (a.returned < b.invoked) edges[i]?.add(j);
  }
  return searchCycle(edges)?.map((i) => observations[i]?.label ?? '');
}

/** Who appended comes after who appended before, and a reader between the two. */
function addListEdges(
  observations: readonly Observation[],
  final: ReadonlyMap<string, readonly string[]>,
  edges: readonly Set<number>[],
): void {
  for (const [list, elements] of final) {
    const writerOf = new Map<string, number>();
    for (const [i, { appended }] of observations.entries()) {
      const element = appended.get(list);
      if (element !== undefined) writerOf.set(element, i);
    }
    const writers = elements.map((element) => writerOf.get(element));
    for (const [at, writer] of writers.entries()) addEdge(edges, writer, writers[at + 1]);
    for (const [i, { seen }] of observations.entries()) {
      const length = seen.get(list)?.length;
      if (length === undefined) continue;
      addEdge(edges, writers[length - 1], i);
      addEdge(edges, i, writers[length]);
    }
  }
}

function addEdge(edges: readonly Set<number>[], from: number | undefined, to: number | undefined): void {
  if (from !== undefined && to !== undefined && from !== to) edges[from]?.add(to);
}

function searchCycle(edges: readonly ReadonlySet<number>[]): number[] | undefined {
  const state = edges.map(() => 'new' as 'new' | 'open' | 'done');
  const path: number[] = [];
  const visit = (node: number): number[] | undefined => {
    if (state[node] === 'done') return undefined;
    if (state[node] === 'open') return path.slice(path.indexOf(node));
    state[node] = 'open';
    path.push(node);
    for (const next of edges[node] ?? []) {
      const cycle = visit(next);
      if (cycle !== undefined) return cycle;
    }
    path.pop();
    state[node] = 'done';
    return undefined;
  };
  for (const node of edges.keys()) {
    const cycle = visit(node);
    if (cycle !== undefined) return cycle;
  }
  return undefined;
}
