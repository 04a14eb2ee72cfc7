import { MemoryStore } from '@nasc/store-memory';
import { createProcessor } from '../create-processor';
import { recordingStore } from '../test-support/recording-store';
import { cleanUp, serve, silent } from '../test-support/served';

afterEach(cleanUp);

interface Door {
  open: boolean;
  passed: number;
}
const handlers = {
  Door: {
    mount: (): Door => ({ open: true, passed: 0 }),
    pass(_payload: object, state: Door) {
      if (!state.open) throw new Error('closed');
      state.passed += 1;
      return state;
    },
  },
  Strict: {
    onConflict: 'reject',
    mount: () => ({ passed: 0 }),
    pass: (_payload: object, state: { passed: number }) => ({ passed: state.passed + 1 }),
  },
};
const at = (event: string, type = 'Door') => ({ event, type, instance: 'a', payload: {} });

/** A store that cannot be watched, with another handle on it. */
function unwatched(): { store: MemoryStore; other: MemoryStore } {
  const other = new MemoryStore();
  const store = new MemoryStore({ shareWith: other });
  Object.defineProperty(store, 'capabilities', { value: { ...store.capabilities, watch: 'none' } });
  return { store, other };
}

describe('a viewed instance', () => {
  it('is not loaded for each event', async () => {
    const store = new MemoryStore();
    const served = await serve({ handlers, store });
    const tab = await served.ws();
    await tab.send(at('mount'));
    await tab.next();
    const load = jest.spyOn(store, 'loadVersioned');
    for (let i = 1; i <= 3; i++) {
      await tab.send(at('pass'));
      expect((await tab.next()).patches).toMatchObject([{ prop: 'passed', value: i }]);
    }
    expect(load).not.toHaveBeenCalled();
    expect(await store.load('Door', 'a')).toEqual({ open: true, passed: 3 });
  });

  it('is loaded again if it changed elsewhere, even if the handler refused the event on the old state', async () => {
    const { store, other } = unwatched();
    const served = await serve({ handlers, store });
    const tab = await served.ws();
    await tab.send(at('mount'));
    await tab.next();
    await other.persist('Door', 'a', {}, { open: true, passed: 7 });
    await tab.send(at('pass'));
    expect((await tab.next()).patches).toMatchObject([{ prop: 'passed', value: 8 }]);

    await other.persist('Door', 'a', {}, { open: false, passed: 8 });
    await tab.send(at('pass'));
    expect((await tab.next()).patches).toEqual([{ action: 'error', message: 'closed' }]);
    await served.nasc.processMessage(at('mount'));
    expect((await tab.next()).patches).toMatchObject([{ prop: 'open', value: false }]);
    await other.persist('Door', 'a', {}, { open: true, passed: 8 });
    await tab.send(at('pass'));
    expect((await tab.next()).patches).toMatchObject([
      { prop: 'open', value: true },
      { prop: 'passed', value: 9 },
    ]);
  });

  it('causes no conflict by being stale, even if the handler rejects conflicts', async () => {
    const { store, other } = unwatched();
    const served = await serve({ handlers, store });
    const tab = await served.ws();
    await tab.send(at('mount', 'Strict'));
    await tab.next();
    await other.persist('Strict', 'a', {}, { passed: 5 });
    await tab.send(at('pass', 'Strict'));
    expect((await tab.next()).patches).toMatchObject([{ prop: 'passed', value: 6 }]);
  });
});

describe('handlerInput', () => {
  const frozen = {
    Door: {
      mount: () => ({ open: true, list: [{ n: 1 }] }),
      look: (_payload: object, state: { list: object[] }) => ({
        ...state,
        seen: [state, state.list, state.list[0]].map((each) => Object.isFrozen(each)),
      }),
      change(_payload: object, state: { list: { n: number }[] }) {
        for (const item of state.list) item.n = 2;
        return state;
      },
    },
  };

  it.each([true, false])(
    "'frozen' gives the state itself, which cannot be changed (viewed: %p)",
    async (isViewed) => {
      const store = new MemoryStore();
      const served = await serve({ handlers: frozen, store, handlerInput: 'frozen' });
      const tab = await served.ws();
      if (isViewed) await tab.send(at('mount'));
      else await served.nasc.processMessage(at('mount'));
      if (isViewed) await tab.next();
      for (let i = 0; i < 2; i++) await served.nasc.processMessage(at('look'));
      const expected = { open: true, list: [{ n: 1 }], seen: [true, true, true] };
      expect(await store.load('Door', 'a')).toEqual(expected);
      expect(await served.nasc.processMessage(at('change'))).toMatchObject([
        { action: 'error', message: expect.stringContaining('read only') },
      ]);
      expect(await store.load('Door', 'a')).toEqual(expected);
    },
  );

  it('does not freeze what a two-method store hands out', async () => {
    const store = recordingStore();
    const mine = { open: true, list: [{ n: 1 }] };
    store.load = async () => mine;
    const process = createProcessor(frozen, store, { logger: silent, handlerInput: 'frozen' });
    await process(at('change'));
    expect(Object.isFrozen(mine)).toBe(false);
    expect(mine.list).toEqual([{ n: 1 }]);
  });

  it("must be 'copy' or 'frozen'", () => {
    expect(() => createProcessor(frozen, new MemoryStore(), { handlerInput: 'thawed' as never })).toThrow(
      TypeError,
    );
  });
});
