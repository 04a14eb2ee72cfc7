import { makeReport } from '../make-report';
import type { Outcome } from '../report';
import { exitCodeOf } from './exit-code';

const reportOf = (outcome: Outcome, id = 'C10') => {
  const result = { id, title: '', outcome, durationMs: 0 };
  return makeReport({ name: 'x', capabilities: null, offered: ['Core', 'Durable'] }, 1, [result]);
};

describe('exitCodeOf', () => {
  it('is 0 when nothing fails, 1 when something does, 3 when it came to no verdict', () => {
    expect((['pass', 'n/a', 'waived'] as const).map((each) => exitCodeOf(reportOf(each), undefined))).toEqual(
      [0, 0, 0],
    );
    expect(exitCodeOf(reportOf('fail'), undefined)).toBe(1);
    expect(exitCodeOf(reportOf('inconclusive'), undefined)).toBe(3);
  });

  it('is that of the level where one must be reached', () => {
    const report = reportOf('pass');
    const at = (outcome: 'pass' | 'waived' | 'n/a' | 'inconclusive') =>
      exitCodeOf({ ...report, levels: { ...report.levels, Durable: outcome } }, 'Durable');
    expect([at('pass'), at('waived'), at('n/a'), at('inconclusive')]).toEqual([0, 1, 1, 3]);
    expect(exitCodeOf(reportOf('fail'), 'Durable')).toBe(1);
  });
});
