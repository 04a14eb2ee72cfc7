import { once } from 'node:events';
import { Agent, request, type IncomingMessage } from 'node:http';
import type { Patch } from '@nasc/client';
import { MemoryStore } from '@nasc/store-memory';
import fc from 'fast-check';
import { malformed } from './malformed';
import { serve, type Served } from './served';

const handlers = {
  Counter: {
    mount: ({ counterId }: { counterId: string }) => {
      if (counterId !== 'watched') throw new Error('There is one counter.');
      return { count: 0 };
    },
    increment: (_payload: object, state: { count: number }) => ({ count: state.count + 1 }),
  },
};
const sound = { event: 'increment', type: 'Counter', instance: 'watched', payload: {} };
/** POSTs under way at once. */
const PARALLEL = 16;
const agent = new Agent({ keepAlive: true, maxSockets: PARALLEL });

/** A server that is sent malformed messages, and a counter that none of them may change. */
export interface Bombarded {
  /** The status codes of the answers that were none of those expected. */
  post(seed: number, count: number): Promise<number[]>;
  /** Resolves when the server has come to the end of them. */
  frames(seed: number, count: number): Promise<void>;
  /** All states there are, by id, after one sound event. */
  statesAfterOne(): Promise<Record<string, unknown>>;
}

/** Serve, and view the counter. */
export async function bombarded(): Promise<Bombarded> {
  const store = new MemoryStore();
  const served: Served<MemoryStore> = await serve({ handlers, store });
  await served.post({ ...sound, event: 'mount' });
  return {
    async post(seed, count) {
      const bodies = fc.sample(malformed, { numRuns: count, seed });
      const odd: number[] = [];
      const worker = async (): Promise<void> => {
        for (let body = bodies.pop(); body !== undefined; body = bodies.pop()) {
          const status = await postFast(served.url, body);
          if (![202, 400, 422].includes(status)) odd.push(status);
        }
      };
      await Promise.all(Array.from({ length: PARALLEL }, worker));
      return odd;
    },
    async frames(seed, count) {
      const tab = await served.ws({ protocols: seed % 2 === 0 ? [] : ['nasc.v2'] });
      for (const frame of fc.sample(malformed, { numRuns: count, seed })) await tab.send(frame);
      await tab.send({ ...sound, event: `end-${seed}` });
      const isEnd = (patch: Patch) => patch.action === 'error' && patch.message.includes(`'end-${seed}'`);
      while (!(await tab.next()).patches.some(isEnd));
      tab.close();
      await tab.ended;
    },
    async statesAfterOne() {
      await served.post(sound);
      const states = (await store.list('Counter')).map(async (id) => [id, await store.load('Counter', id)]);
      return Object.fromEntries(await Promise.all(states)) as Record<string, unknown>;
    },
  };
}

/** A POST by `node:http`, which takes a third of the time that `fetch` does; the status of the answer. */
async function postFast(url: string, body: string): Promise<number> {
  const headers = { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) };
  const posted = request(`${url}/nasc/event`, { method: 'POST', agent, headers });
  posted.end(body);
  const [answer] = (await once(posted, 'response')) as [IncomingMessage];
  answer.resume();
  await once(answer, 'end');
  return answer.statusCode ?? 0;
}
