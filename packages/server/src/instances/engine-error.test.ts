import { StoreError } from '@nasc/store-core';
import { EventRefused, HandlerFailed, messageForClient, StoreFailed } from './engine-error';

describe('messageForClient', () => {
  it('returns the message of the engine, of a handler or of a StoreError', () => {
    expect(messageForClient(new EventRefused('no'))).toBe('no');
    expect(messageForClient(new HandlerFailed('outer', { cause: new Error('boom') }))).toBe('boom');
    expect(messageForClient(new HandlerFailed('outer', { cause: 'boom' }))).toBe('boom');
    expect(messageForClient(new StoreError('STORE_FULL', 'No room.'))).toBe('No room.');
  });

  it('says only that it failed for any other error, and never too much', () => {
    const failed = 'The event failed. See the server log.';
    expect(messageForClient(new TypeError('at /srv/app/secret.js'))).toBe(failed);
    expect(messageForClient({ message: 'secret' })).toBe(failed);
    expect(messageForClient(new HandlerFailed('outer', { cause: undefined }))).toBe(failed);
    expect(messageForClient(new StoreFailed('It failed.', { cause: new Error('secret') }))).toBe(
      'It failed.',
    );
    expect(messageForClient(new EventRefused('x'.repeat(5_000)))).toHaveLength(1_000);
  });
});
