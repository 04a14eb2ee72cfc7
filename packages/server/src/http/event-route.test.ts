import { StoreError, type StoreErrorCode } from '@nasc/store-core';
import { MemoryStore } from '@nasc/store-memory';
import type { HandlerContext } from '../handlers/handler';
import { recordingStore } from '../test-support/recording-store';
import { cleanUp, serve } from '../test-support/served';

afterEach(cleanUp);

const handlers = {
  Doc: {
    onConflict: 'reject',
    mount: () => ({ n: 0 }),
    edit: (_payload: object, state: { n: number }) => ({ n: state.n + 1 }),
    boom: () => {
      throw new Error('boom');
    },
    bug: (_payload: object, state: { missing?: { n: number } }) => ({ n: state.missing!.n }),
    nothing: () => undefined,
    read: async (_payload: object, state: object, ctx: HandlerContext) => {
      await ctx.get('Doc', 'other');
      return state;
    },
  },
};
const at = (event: string) => ({ event, type: 'Doc', instance: 'a', payload: {} });

describe('POST /nasc/event', () => {
  it.each<[StoreErrorCode, number]>([
    ['STORE_BUSY', 503],
    ['STORE_IO', 500],
    ['STORE_FULL', 500],
    ['STORE_UNCERTAIN', 500],
    ['STORE_INVALID_STATE', 500],
    ['STORE_CONFLICT', 422],
    ['STORE_INVALID_KEY', 422],
  ])('answers %s of the store with %i and its message', async (code, status) => {
    const store = new MemoryStore();
    const { post } = await serve({ handlers, store });
    await post(at('mount'));
    const error = new StoreError(code, 'Words of the store.');
    jest.spyOn(store, 'commit').mockRejectedValue(error);
    const answer = { status, body: { ok: false, error: error.message } };
    expect(await post(at('edit'))).toEqual(answer);
    jest.spyOn(store, 'loadVersioned').mockRejectedValue(error);
    expect(await post(at('read'))).toEqual(answer);
  });

  it('answers an error of a two-method store with 500', async () => {
    const store = recordingStore();
    store.load = async () => Promise.reject(new Error('secret'));
    const { post } = await serve({ handlers, store });
    const error = 'The store failed. See the server log.';
    expect(await post(at('mount'))).toEqual({ status: 500, body: { ok: false, error } });
  });

  it.each([
    ['boom', 422, 'boom'],
    ['nope', 422, "Unknown event 'nope' for Doc"],
    ['bug', 500, /reading 'n'/],
    ['nothing', 500, /Doc.nothing must return the full next state/],
  ])('answers event %s with %i', async (event, status, words) => {
    const { post } = await serve<MemoryStore>({ handlers });
    await post(at('mount'));
    const body = { ok: false, error: expect.stringMatching(words) };
    expect(await post(at(event))).toEqual({ status, body });
    // The words are a patch too, and nothing else is.
    const { nasc } = await serve<MemoryStore>({ handlers });
    await nasc.processMessage(at('mount'));
    const patches = await nasc.processMessage(at(event));
    expect(patches).toStrictEqual([{ action: 'error', message: expect.stringMatching(words) }]);
  });
});
