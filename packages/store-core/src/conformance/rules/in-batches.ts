/**
 * Make calls that do not depend on each other side by side, so many at a time: over a network they cost
 * one round trip per batch.
 *
 * @returns the answers, in the order of the items.
 */
export async function inBatches<T, R>(
  items: readonly T[],
  call: (item: T, index: number) => Promise<R>,
  size = 400,
): Promise<R[]> {
  const answers: R[] = [];
  for (let from = 0; from < items.length; from += size) {
    const batch = items.slice(from, from + size);
    const settled = await Promise.allSettled(batch.map((item, i) => call(item, from + i)));
    // The first in order, not in time: a report must not depend on luck.
    for (const each of settled) {
      if (each.status === 'rejected') throw each.reason;
      answers.push(each.value);
    }
  }
  return answers;
}
