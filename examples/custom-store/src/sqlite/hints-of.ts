import type { CapturedWrite, Hint } from '@nasc/store-core';

/** A hint for each write of a commit that took a rev. */
export function hintsOf(writes: readonly CapturedWrite<unknown>[], revs: readonly number[]): Hint[] {
  const hints = writes.map(({ type, id, full }, i) => ({
    type,
    id,
    rev: revs[i] ?? 0,
    removed: full === null,
  }));
  return hints.filter(({ rev }) => rev > 0);
}
