import type { Cell, Round } from '../results';
import { CellFinder } from './cell-finder';

const key = (subject: string) => ({
  group: 'persist',
  work: 'toggle',
  subject,
  setup: 'fsync' as const,
  items: 1,
});
const round = (median: number): Round => ({ median, mean: 2 * median, best: median, samples: 1 });
const cell = (subject: string, medians: number[], operations?: number): Cell => ({
  ...key(subject),
  rounds: medians.map(round),
  operations,
});

describe('CellFinder', () => {
  // The machine is twice as slow in the second round and ten times in the third.
  const finder = new CellFinder([
    cell('store', [2, 4, 20]),
    cell('bare', [1, 2, 10]),
    cell('in fours', [4, 8, 40], 4),
    { ...key('absent'), rounds: [], reason: 'left out' },
  ]);

  it('compares round by round', () => {
    const [verdict] = finder.throughput('a', 't', key('store'), key('bare'), { atLeast: 0.5 });
    expect(verdict).toMatchObject({ wanted: '≥ 0.500', measured: '0.500', best: '0.500', met: true });
  });

  it('counts costs and operations', () => {
    const cost = finder.cost('a', 't', key('store'), key('in fours'), { atMost: 1.9 });
    expect(cost).toMatchObject([{ measured: '2.00', met: false }]);
    const faster = finder.faster('a', 't', key('in fours'), key('store'), { atLeast: 2 });
    expect(faster).toMatchObject([{ measured: '2.00', met: true }]);
  });

  it('judges times by the median of the rounds', () => {
    const [verdict] = finder.time('a', 't', key('store'), { atMost: 4 });
    expect(verdict).toMatchObject({ measured: '4.00 ms (2.00 ms – 20.00 ms)', best: '2.00 ms', met: true });
  });

  it('has no verdict on what was not measured', () => {
    expect(finder.cost('a', 't', key('store'), key('absent'), { atMost: 1 })).toEqual([]);
    expect(finder.time('a', 't', key('nobody'), { atMost: 1 })).toEqual([]);
  });
});
