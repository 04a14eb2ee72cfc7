import { runInNewContext } from 'node:vm';
import { isStoreError, StoreError } from './store-error';

describe('StoreError', () => {
  it('has only the details that it was given', () => {
    const cause = new Error('native');
    const error = new StoreError('STORE_CONFLICT', 'stale', {
      type: 'T',
      id: 'a',
      expected: 1,
      actual: 0,
      cause,
    });
    expect(error).toMatchObject({
      name: 'StoreError',
      code: 'STORE_CONFLICT',
      type: 'T',
      expected: 1,
      actual: 0,
      cause,
    });
    expect('rev' in new StoreError('STORE_FULL', 'full')).toBe(false);
    expect('cause' in new StoreError('STORE_FULL', 'full')).toBe(false);
  });
});

describe('isStoreError', () => {
  it('knows errors by name and code, of any copy and realm', () => {
    const foreign: unknown = runInNewContext(
      "Object.assign(new Error('x'), { name: 'StoreError', code: 'STORE_BUSY' })",
    );
    expect(isStoreError(foreign)).toBe(true);
    expect(isStoreError(foreign, 'STORE_BUSY')).toBe(true);
    expect(isStoreError(foreign, 'STORE_FULL')).toBe(false);
    for (const other of [null, undefined, 'StoreError', new Error('x'), {}])
      expect(isStoreError(other)).toBe(false);
  });
});
