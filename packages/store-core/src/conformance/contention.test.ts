import { StoreError } from '../store-error';
import { Contention } from './contention';

const busy = () => Promise.reject<string>(new StoreError('STORE_BUSY', 'The lock is held.'));

describe('Contention', () => {
  it('makes a call again that is refused as busy while another handle writes', async () => {
    const contention = new Contention();
    const { promise, resolve } = Promise.withResolvers<string>();
    const other = contention.call({}, true, () => promise);
    const answer = contention.call({}, true, (isAgain) => (isAgain ? Promise.resolve('written') : busy()));
    await expect(answer).resolves.toBe('written');
    resolve('done');
    await other;
  });

  it('does not excuse a handle that is alone, a lock held on purpose, or being busy for good', async () => {
    const contention = new Contention();
    await expect(contention.call({}, true, busy)).rejects.toThrow('The lock is held.');
    void contention.call({}, true, () => new Promise(() => undefined));
    await expect(contention.call({}, true, busy)).rejects.toThrow('The lock is held.');
    const locked = new Contention();
    void locked.call({}, true, () => new Promise(() => undefined));
    locked.isLocked = true;
    await expect(locked.call({}, true, busy)).rejects.toThrow('The lock is held.');
  });
});
