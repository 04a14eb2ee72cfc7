import { Pace } from './pace';
import { Trace } from './subject';
import { turn } from './turns';

const limits = { silence: 100, total: 300 };
const hang = () => new Promise<never>(() => undefined);

describe('Pace', () => {
  it('takes a pending call in silence for a hang', () => {
    const trace = new Trace();
    const pace = new Pace(trace, limits);
    void trace.call('load', hang);
    expect([60, 60, 60].map((elapsed) => pace.pass(elapsed))).toEqual([undefined, 'hung', 'hung']);
  });

  it('takes calls that keep settling for slow, however long it takes', async () => {
    const trace = new Trace();
    const pace = new Pace(trace, limits);
    const verdicts = [];
    for (let n = 0; n < 4; n++) {
      await trace.call('load', () => Promise.resolve());
      verdicts.push(pace.pass(90));
    }
    expect(verdicts).toEqual([undefined, undefined, undefined, 'slow']);
  });

  it('takes a call that never settles, while others do, for a hang when the time is over', async () => {
    const trace = new Trace();
    const pace = new Pace(trace, limits);
    void trace.call('commit', hang);
    const verdicts = [];
    for (let n = 0; n < 4; n++) {
      await trace.call('load', () => Promise.resolve());
      verdicts.push(pace.pass(90));
    }
    expect(verdicts).toEqual([undefined, undefined, undefined, 'hung']);
  });

  it('does not charge for waiting, and does not take it for silence', async () => {
    const pace = new Pace(new Trace(), limits);
    const waiting = pace.uncharged(turn);
    expect(pace.pass(5_000)).toBeUndefined();
    await waiting;
    expect(pace.charged).toBe(0);
  });
});

describe('Trace', () => {
  it('lets nothing settle once the rule has ended', async () => {
    const trace = new Trace();
    const { promise, reject } = Promise.withResolvers<never>();
    const settled: string[] = [];
    const note = (): void => void settled.push('settled');
    trace.call('load', () => promise).then(note, note);
    trace.end();
    trace.call('late', () => Promise.resolve()).then(note, note);
    reject(new Error('after the verdict'));
    await turn();
    expect(settled).toEqual([]);
  });
});
