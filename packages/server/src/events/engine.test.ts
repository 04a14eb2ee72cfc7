import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { readFile } from 'node:fs/promises';
import { inspect } from 'node:util';
import { MemoryStore } from '@nasc/store-memory';
import type { HandlerContext } from '../handlers/handler';
import { createProcessor } from '../create-processor';
import { silent } from '../test-support/served';

const Doc = {
  mount: () => ({ text: 'secret', n: 1 }),
  edit: ({ text }: { text: string }, state: object) => ({ ...state, text }),
  boom: () => {
    throw new Error('boom');
  },
  bug: (_payload: object, state: { missing?: { n: number } }) => ({ n: state.missing!.n }),
  nothing: () => undefined,
  file: () => readFile('/no/such/file'),
  own: (_payload: object, state: object, ctx: HandlerContext) => (ctx.set('Doc', 'a', {}), state),
  refuse: () => {
    throw new NoTitle('Please enter a title.');
  },
  text: () => {
    throw 'boom';
  },
};
class NoTitle extends Error {
  override readonly name = 'NoTitle';
}
const at = (event: string, payload = {}) => ({ event, type: 'Doc', instance: 'a', payload });

describe('event logging', () => {
  it('logs one line per event, without values', async () => {
    const logger = { info: jest.fn(), warn: jest.fn(), error: jest.fn() };
    const process = createProcessor({ Doc }, new MemoryStore(), { logger });
    await process(at('mount'));
    await process(at('edit', { text: 'secret too' }));
    await process(at('nope'));
    await process(at('boom'));
    await process(at('bug'));
    const place = { type: 'Doc', id: 'a' };
    expect(logger.info.mock.calls).toEqual([
      [{ ...place, event: 'mount', rev: 1, ms: expect.any(Number) }, 'event'],
      [{ ...place, event: 'edit', changed: ['text'], rev: 2, ms: expect.any(Number) }, 'event'],
    ]);
    expect(logger.warn.mock.calls).toEqual([
      [{ ...place, event: 'nope', err: expect.any(Object) }, 'event refused'],
      [{ ...place, event: 'boom', err: expect.any(Object) }, 'event refused'],
    ]);
    expect(logger.error.mock.calls).toEqual([
      [{ ...place, event: 'bug', err: expect.any(Object) }, 'event failed'],
    ]);
    expect(JSON.stringify(logger)).not.toContain('secret');
  });

  it.each(['boom', 'refuse', 'nope'])('logs a warning when the sender is at fault: %s', async (event) => {
    const logger = { ...silent, warn: jest.fn(), error: jest.fn() };
    const process = createProcessor({ Doc }, new MemoryStore(), { logger });
    await process(at('mount'));
    await process(at(event));
    expect(logger.warn).toHaveBeenCalledTimes(1);
    expect(logger.error).not.toHaveBeenCalled();
  });

  it.each([
    ['bug', /reading 'n'/],
    ['nothing', /Doc.nothing must return the full next state/],
    ['file', /ENOENT/],
    ['own', /Return the next state/],
    ['text', /boom/],
  ])('logs an error when the handler is at fault: %s', async (event, words) => {
    const logger = { ...silent, warn: jest.fn(), error: jest.fn() };
    const process = createProcessor({ Doc }, new MemoryStore(), { logger });
    await process(at('mount'));
    await process(at(event));
    expect(logger.warn).not.toHaveBeenCalled();
    expect(inspect(logger.error.mock.calls[0]?.[0])).toMatch(words);
  });

  it('logs an error when the handler has no mount method', async () => {
    const logger = { ...silent, warn: jest.fn(), error: jest.fn() };
    await createProcessor({ Doc: {} }, new MemoryStore(), { logger })(at('mount'));
    expect(logger.error.mock.calls[0]?.[0]).toMatchObject({
      err: { message: 'Doc has no mount method to create the instance, which is not in the store.' },
    });
  });

  it('does not fail the event when the logger throws', async () => {
    const broken = (): never => {
      throw new Error('disk full');
    };
    const warned = jest.spyOn(global.process, 'emitWarning').mockImplementation(() => undefined);
    const store = new MemoryStore();
    const process = createProcessor({ Doc }, store, {
      logger: { info: broken, warn: broken, error: broken },
    });
    expect(await process(at('mount'))).toMatchObject([{ prop: 'text' }, { prop: 'n' }]);
    expect(await process(at('nope'))).toMatchObject([{ action: 'error' }]);
    expect(await process(at('boom'))).toEqual([{ action: 'error', message: 'boom' }]);
    expect(warned).toHaveBeenCalledTimes(3);
    warned.mockRestore();
  });

  it('traces events on diagnostics_channel', async () => {
    const seen: unknown[] = [];
    const onStart = (message: unknown) => seen.push(['start', { ...(message as object) }]);
    const onError = (message: unknown) => seen.push(['error', (message as { error: Error }).error.message]);
    subscribe('tracing:nasc:event:start', onStart);
    subscribe('tracing:nasc:event:error', onError);
    try {
      const process = createProcessor({ Doc }, new MemoryStore(), { logger: silent });
      await process(at('mount'));
      await process(at('nope'));
    } finally {
      unsubscribe('tracing:nasc:event:start', onStart);
      unsubscribe('tracing:nasc:event:error', onError);
    }
    expect(seen).toEqual([
      ['start', { type: 'Doc', id: 'a', event: 'mount' }],
      ['start', { type: 'Doc', id: 'a', event: 'nope' }],
      ['error', "Unknown event 'nope' for Doc"],
    ]);
  });
});
