import fc from 'fast-check';
import { assignPositions, GAP, keptPositions } from './positions';

// Generated, and the same each time.
fc.configureGlobal({ seed: 7 });

const positions = fc.array(fc.option(fc.integer({ min: -20, max: 20 }), { freq: 4 }), { maxLength: 8 });

/** By trying all: the most that may stay. */
function mostKept(list: readonly (number | null)[], from = 0, above = -Infinity): number {
  const position = list[from];
  if (position === undefined) return 0;
  const without = mostKept(list, from + 1, above);
  return position === null || position <= above
    ? without
    : Math.max(without, 1 + mostKept(list, from + 1, position));
}

describe('keptPositions', () => {
  it('keeps the most that can stay, strictly increasing', () => {
    fc.assert(
      fc.property(positions, (list) => {
        const kept = list.filter((_, i) => keptPositions(list)[i]) as number[];
        expect(kept).toHaveLength(mostKept(list));
        for (let i = 1; i < kept.length; i++) expect(kept[i]).toBeGreaterThan(kept[i - 1] as number);
      }),
    );
  });
});

describe('assignPositions', () => {
  it('gives strictly increasing whole numbers, and changes nothing that may stay where there is room', () => {
    const spaced = positions.map((list) => list.map((position) => position && position * 100));
    fc.assert(
      fc.property(spaced, (list) => {
        const assigned = assignPositions(list);
        for (let i = 1; i < assigned.length; i++)
          expect(assigned[i]).toBeGreaterThan(assigned[i - 1] as number);
        expect(assigned.every(Number.isSafeInteger)).toBe(true);
        const kept = keptPositions(list);
        list.forEach((position, i) => kept[i] && expect(assigned[i]).toBe(position));
      }),
    );
  });

  it('keeps as many where the beginning and the end are said to be as they were', () => {
    const spaced = positions.map((list) => list.map((position) => position && position * 100));
    const edges = fc.array(fc.integer({ min: -2, max: 2 }), { maxLength: 5 });
    fc.assert(
      fc.property(spaced, edges, edges, (middle, before, after) => {
        // Strictly increasing with the list in between, but for what was put there by hand.
        const head = before.map((off, i) => -10_000 + i * 100 + off * 50);
        const tail = after.map((off, i) => 1_000_000 + i * 100 + off * 50);
        const list = [...head, ...middle, ...tail];
        const assigned = assignPositions(list, head.length, head.length + middle.length);
        const whole = assignPositions(list);
        for (let i = 1; i < assigned.length; i++)
          expect(assigned[i]).toBeGreaterThan(assigned[i - 1] as number);
        const changes = (next: number[]): number => next.filter((position, i) => position !== list[i]).length;
        expect(changes(assigned)).toBe(changes(whole));
      }),
    );
  });

  it('takes positions that are the same on both sides of an edge for what they are', () => {
    for (const list of [
      [1, 1, 2],
      [1, 2, 2],
      [3, 1, 2],
      [1, null, 1],
      [null, 1, 2],
    ]) {
      const assigned = assignPositions(list, 1, 2);
      for (let i = 1; i < assigned.length; i++)
        expect(assigned[i]).toBeGreaterThan(assigned[i - 1] as number);
    }
  });

  it('numbers a list anew where there is no room', () => {
    expect(assignPositions([1, null, 2])).toEqual([0, GAP, 2 * GAP]);
    expect(assignPositions([2 ** 52, null])).toEqual([0, GAP]);
    expect(assignPositions([null, -(2 ** 52)])).toEqual([0, GAP]);
    expect(assignPositions([1, null, 3])).toEqual([1, 2, 3]);
  });

  it('moves a few neighbours where there is no room, however long the list is', () => {
    let list = Array.from({ length: 10_000 }, (_, i) => i * GAP);
    let [moved, most] = [0, 0];
    for (let n = 0; n < 500; n++) {
      const next: (number | null)[] = [...list.slice(0, 5_000), null, ...list.slice(5_000)];
      const assigned = assignPositions(next, 5_000, 5_001);
      const changes = next.filter((position, i) => position !== null && position !== assigned[i]).length;
      [moved, most] = [moved + changes, Math.max(most, changes)];
      for (let i = 1; i < assigned.length; i++)
        if ((assigned[i] as number) <= (assigned[i - 1] as number)) throw new Error(`${i}`);
      list = assigned;
    }
    expect([moved < 5_000, most < 1_000]).toEqual([true, true]);
  });

  it('takes a list of a million', () => {
    const assigned = assignPositions(new Array<null>(1_000_000).fill(null));
    expect(assigned.every((position, i) => i === 0 || position > (assigned[i - 1] as number))).toBe(true);
  });
});
