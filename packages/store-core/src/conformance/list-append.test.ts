import { findCycle, type Observation } from './list-append';

type Lists = Record<string, readonly string[]>;

function observe(
  label: string,
  [invoked, returned]: [number, number],
  seen: Lists,
  appended: Record<string, string> = {},
): Observation {
  return {
    label,
    invoked,
    returned,
    seen: new Map(Object.entries(seen)),
    appended: new Map(Object.entries(appended)),
  };
}

const cycleIn = (final: Lists, ...observations: Observation[]) =>
  findCycle(observations, new Map(Object.entries(final)));

describe('findCycle', () => {
  it('finds none where there is an order', () => {
    const history = [
      observe('a', [0, 1], { x: [], y: [] }, { x: '1', y: '1' }),
      observe('b', [2, 3], { x: ['1'] }, { x: '2' }),
      observe('c', [0, 9], { x: ['1', '2'] }),
    ];
    expect(cycleIn({ x: ['1', '2'], y: ['1'] }, ...history)).toBeUndefined();
  });

  it('finds two commits that are each before the other', () => {
    const a = observe('a', [0, 9], {}, { x: 'a', y: 'a' });
    const b = observe('b', [0, 9], {}, { x: 'b', y: 'b' });
    expect(cycleIn({ x: ['a', 'b'], y: ['b', 'a'] }, a, b)?.toSorted()).toEqual(['a', 'b']);
  });

  it('finds a fractured read', () => {
    const commit = observe('commit', [0, 20], {}, { x: '1', y: '1' });
    const first = observe('sees x', [1, 2], { x: ['1'] });
    const second = observe('does not see y', [3, 4], { y: [] });
    expect(cycleIn({ x: ['1'], y: ['1'] }, commit, first, second)).toHaveLength(3);
    expect(
      cycleIn({ x: ['1'], y: ['1'] }, commit, observe('earlier', [1, 2], { y: [] }), first),
    ).toBeUndefined();
  });

  it('finds a stale read after a commit has ended', () => {
    const commit = observe('commit', [0, 1], { x: [] }, { x: '1' });
    const stale = observe('stale', [2, 3], { x: [] });
    expect(cycleIn({ x: ['1'] }, commit, stale)).toHaveLength(2);
  });
});
