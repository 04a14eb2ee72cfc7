import { TurnQueue } from './turn-queue';

const refusal = /^Deadlock: /;

describe('TurnQueue', () => {
  it('runs work on a key one at a time, in call order, even after a failure', async () => {
    const turns = new TurnQueue();
    const seen: string[] = [];
    const gate = Promise.withResolvers<void>();
    const first = turns.run('k', async () => {
      await gate.promise;
      seen.push('first');
      throw new Error('first failed');
    });
    const second = turns.run('k', async () => seen.push('second'));
    await turns.run('other', async () => seen.push('other'));
    gate.resolve();
    await expect(first).rejects.toThrow('first failed');
    await second;
    expect(seen).toEqual(['other', 'first', 'second']);
    expect(turns.isBusy('k')).toBe(false);
  });

  it('refuses work that waits for its own turn, directly or through another', async () => {
    const turns = new TurnQueue();
    await expect(turns.run('a', () => turns.run('a', async () => 1))).rejects.toThrow(refusal);
    const around = turns.run('a', () => turns.run('b', () => turns.run('a', async () => 1)));
    await expect(around).rejects.toThrow(refusal);
    expect(await turns.run('a', () => turns.run('b', async () => 2))).toBe(2);
  });

  it('refuses one of two that wait for each other, and lets the other continue', async () => {
    const turns = new TurnQueue();
    const both = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const crossing = ([mine, its]: string[], index: number) =>
      turns.run(mine ?? '', async () => {
        both[index]?.resolve();
        await Promise.all(both.map(({ promise }) => promise));
        return turns.run(its ?? '', async () => 'done');
      });
    const outcomes = await Promise.allSettled([crossing(['a', 'b'], 0), crossing(['b', 'a'], 1)]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('lets siblings of one turn use a key one after the other', async () => {
    const turns = new TurnQueue();
    const both = turns.run('a', () => Promise.all([1, 2].map((n) => turns.run('b', async () => n))));
    expect(await both).toEqual([1, 2]);
  });

  it('ignores work that runs outside of a turn or after it has ended', async () => {
    const turns = new TurnQueue();
    const ended = Promise.withResolvers<void>();
    let outside: Promise<number> | undefined;
    let afterwards: Promise<number> | undefined;
    await turns.run('a', async () => {
      outside = turns.outside(() => turns.run('a', async () => 3));
      afterwards = ended.promise.then(() => turns.run('a', async () => 4));
    });
    ended.resolve();
    expect(await outside).toBe(3);
    expect(await afterwards).toBe(4);
  });
});
