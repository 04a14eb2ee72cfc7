import { allRules } from './all-rules';
import { judgeLevels, LEVELS } from './levels';
import type { RuleResult } from './report';

const IDS = allRules.map(({ id }) => id);

/** The levels of a run of all rules, which pass but for those that are named. */
function levelsWith(named: Record<string, Partial<RuleResult>>) {
  const results = IDS.map((id): RuleResult => {
    return { id, title: '', outcome: 'pass', durationMs: 0, ...named[id] };
  });
  return judgeLevels(IDS, results, LEVELS);
}

describe('judgeLevels', () => {
  it('passes a level with rules that do not apply', () => {
    expect(levelsWith({ U7: { outcome: 'n/a' }, F3: { outcome: 'n/a' } }).Durable).toBe('pass');
  });

  it('passes no level of which a rule, or a part of one, could not run for want of `module`', () => {
    const levels = levelsWith({ U2: { outcome: 'n/a', lacks: 'module' }, E9: { lacks: 'module' } });
    expect(levels).toMatchObject({ Core: 'pass', Durable: 'not run', Queryable: 'not run' });
    expect(levelsWith({ U2: { outcome: 'n/a', lacks: 'module' }, U1: { outcome: 'fail' } }).Durable).toBe(
      'fail',
    );
  });
});
