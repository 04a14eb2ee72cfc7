import { HungKinds } from './hung-kinds';
import { Trace } from './subject';

const traceOf = (...resolved: string[]): Trace => {
  const trace = new Trace();
  for (const kind of resolved) trace.resolved.set(kind, 1);
  return trace;
};

describe('HungKinds', () => {
  it('gives up what has hung twice and never resolved, in the next process too', () => {
    const kinds = new HungKinds();
    kinds.learn('R1', traceOf('load'), 'commit');
    expect(kinds.givenUp('commit')).toBeUndefined();
    kinds.learn('R2', traceOf('load'), 'commit');
    expect(new HungKinds(kinds.tallies).givenUp('commit')).toBe('R1');
    expect(kinds.givenUp('load')).toBeUndefined();
  });

  it('gives up nothing because of some rules in which a call hangs', () => {
    const kinds = new HungKinds();
    for (const rule of ['M1', 'M2', 'M3', 'M4', 'M5', 'M6']) kinds.learn(rule, traceOf('commit'), 'commit');
    expect(kinds.givenUp('commit')).toBeUndefined();
    kinds.learn('M7', traceOf('commit'), undefined);
    for (const rule of ['N1', 'N2', 'N3']) kinds.learn(rule, traceOf('commit'), 'commit');
    expect(kinds.givenUp('commit')).toBeUndefined();
  });
});
