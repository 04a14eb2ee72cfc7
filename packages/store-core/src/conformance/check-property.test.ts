import * as fc from 'fast-check';
import { checkProperty } from './check-property';
import { ConformanceFailure, Inconclusive } from './failure';
import { Trace } from './subject';

const run = (check: (n: number) => Promise<void>, runs = 50): Promise<void> =>
  checkProperty(fc.nat(), check, { seed: 1, runs, trace: new Trace() });

describe('checkProperty', () => {
  it('leaves what is inconclusive inconclusive', async () => {
    await expect(run(() => Promise.reject(new Inconclusive('no verdict')))).rejects.toThrow(Inconclusive);
  });

  it('tells a failure beside an input without a verdict', async () => {
    let first = true;
    const check = async (): Promise<void> => {
      await Promise.resolve();
      if (!first) throw new ConformanceFailure('broken');
      first = false;
      throw new Inconclusive('no verdict');
    };
    await expect(run(check)).rejects.toThrow('broken');
  });

  it('tries every input, and tells the error of the store', async () => {
    let count = 0;
    await run(() => Promise.resolve(void count++), 70);
    expect(count).toBe(70);
    await expect(run(() => Promise.reject(new Error('no')))).rejects.toThrow('the store rejected: Error: no');
  });
});
