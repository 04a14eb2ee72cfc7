import { allRules } from '../all-rules';
import type { RuleResult } from '../report';
import { Progress } from './progress';

describe('Progress', () => {
  it('rewrites one line on a terminal, no longer than the terminal is wide', () => {
    let text = '';
    const stream = { isTTY: true, columns: 40, write: (more: string) => (text += more) };
    const [first, second] = allRules;
    if (first === undefined || second === undefined) throw new Error('There are no rules.');
    const progress = new Progress(stream, [first, second]);
    progress.started(first);
    progress.ended({ ...result(first.id), outcome: 'fail' });
    progress.started(second);
    progress.ended(result(second.id));
    progress.clear();
    const lines = text.split('\r\u001b[2K').slice(1);
    expect(lines).toHaveLength(3);
    expect(lines[0]).toMatch(/^0\/2 · B1 /);
    expect(lines[1]).toMatch(/^1\/2, 1 failed · B2 /);
    expect(lines[2]).toBe('');
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThan(40);
  });
});

function result(id: string): RuleResult {
  return { id, title: '', outcome: 'pass', durationMs: 1 };
}
