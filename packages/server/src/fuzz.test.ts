import { MemoryStore } from '@nasc/store-memory';
import fc from 'fast-check';
import { cleanUp, serve } from './test-support/served';

afterEach(cleanUp);

const handlers = {
  Counter: {
    mount: () => ({ count: 0 }),
    increment: (_p: object, s: { count: number }) => ({ count: s.count + 1 }),
  },
};
const odd = fc.constantFrom(
  '',
  '__proto__',
  'constructor',
  'mount',
  'toString',
  'Counter',
  '\0',
  '\ud800',
  '../..',
  '\r\n',
);
const field = fc.oneof(odd, fc.string({ unit: 'binary' }), fc.jsonValue());
/** Nothing that is an event: `increment` is no constant here, and is not met by chance. */
const message = fc
  .oneof(
    {
      weight: 4,
      arbitrary: fc.record(
        { event: field, type: field, instance: field, payload: field },
        { requiredKeys: [] },
      ),
    },
    fc.jsonValue(),
  )
  .map((value) => JSON.stringify(value));
const malformed = fc.oneof(
  message,
  fc.string({ unit: 'binary' }).map((text) => text.toWellFormed()),
);

describe('generated messages', () => {
  const sound = { event: 'increment', type: 'Counter', instance: 'watched', payload: {} };

  it('change nothing and end nothing, over WebSocket', async () => {
    const store = new MemoryStore();
    const served = await serve({ handlers, store });
    const tab = await served.ws();
    await tab.send({ ...sound, event: 'mount' });
    await tab.next();
    for (const frame of fc.sample(malformed, { numRuns: 1_000, seed: 7 })) await tab.send(frame);
    await tab.send(sound);
    const isDone = (value: unknown) => value === 1;
    for (let done = false; !done;) {
      const { patches } = await tab.next();
      done = patches.some(
        (patch) => patch.action === 'bindUpdate' && patch.instance === 'watched' && isDone(patch.value),
      );
    }
    expect(await store.load('Counter', 'watched')).toEqual({ count: 1 });
  });

  it('change nothing and end nothing, over POST', async () => {
    const store = new MemoryStore();
    const served = await serve({ handlers, store });
    await served.post({ ...sound, event: 'mount' });
    for (const body of fc.sample(malformed, { numRuns: 300, seed: 8 })) {
      const { status } = await served.post(body);
      expect([202, 400, 422]).toContain(status);
    }
    expect(await served.post(sound)).toEqual({ status: 202, body: { ok: true } });
    expect(await store.load('Counter', 'watched')).toEqual({ count: 1 });
  });
});
