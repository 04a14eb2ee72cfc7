import { CallOrder } from './call-order';

describe('CallOrder', () => {
  it('starts work on a key when the earlier work on it has settled, failed work too', async () => {
    const order = new CallOrder();
    const log: string[] = [];
    const gate = Promise.withResolvers<void>();
    const work = [
      order.run(['a'], async () => {
        await gate.promise;
        log.push('a1');
        throw new Error('a1 fails');
      }),
      order.run(['a', 'b'], () => log.push('ab')),
      order.run(['b'], () => log.push('b')),
      order.run(['c'], () => log.push('c')),
    ];
    await work[3];
    expect(log).toEqual(['c']);
    gate.resolve();
    const outcomes = await Promise.allSettled(work);
    expect(log).toEqual(['c', 'a1', 'ab', 'b']);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled', 'fulfilled']);
  });

  it('does not deadlock on keys in crossing orders', async () => {
    const order = new CallOrder();
    const log: number[] = [];
    await Promise.all([
      order.run(['a', 'b'], async () => log.push(1)),
      order.run(['b', 'a'], async () => log.push(2)),
      order.run(['a', 'b'], async () => log.push(3)),
    ]);
    expect(log).toEqual([1, 2, 3]);
  });

  it('runs after what was called before under a prefix, and keeps nobody behind it waiting', async () => {
    const order = new CallOrder();
    const log: string[] = [];
    const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()] as const;
    const first = order.run(['1:Ta'], () => gates[0].promise.then(() => log.push('Ta')));
    const other = order.run(['1:Ub'], () => gates[1].promise.then(() => log.push('Ub')));
    const list = order.runAfter('1:T', () => log.push('list'));
    await order.run(['1:Tc'], () => log.push('Tc'));
    expect(log).toEqual(['Tc']);
    gates[0].resolve();
    await Promise.all([first, list]);
    expect(log).toEqual(['Tc', 'Ta', 'list']);
    gates[1].resolve();
    await other;
  });
});
