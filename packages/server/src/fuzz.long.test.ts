import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { bombarded, type Bombarded } from './test-support/bombard';
import { cleanUp } from './test-support/served';

jest.setTimeout(600_000);
afterEach(cleanUp);

const ROUNDS = 10;
const PER_ROUND = 5_000;
const MIB = 1_048_576;

function heapUsed(): number {
  setFlagsFromString('--expose_gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
}

/** Fifty thousand, with the heap after each round but the first, which warms up. */
async function bombard(send: (server: Bombarded, seed: number) => Promise<unknown>): Promise<number[]> {
  const server = await bombarded();
  const heaps: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    await send(server, round);
    heaps.push(heapUsed());
  }
  expect(await server.statesAfterOne()).toEqual({ watched: { count: 1 } });
  return heaps.slice(1);
}

describe('fifty thousand generated messages', () => {
  it('change no state, close no connection and leak nothing over WebSocket', async () => {
    const heaps = await bombard((server, seed) => server.frames(seed, PER_ROUND));
    expect((heaps.at(-1) ?? 0) - (heaps[0] ?? 0)).toBeLessThan(20 * MIB);
  });

  it('change no state, close no connection and leak nothing over POST', async () => {
    const heaps = await bombard(async (server, seed) =>
      expect(await server.post(seed, PER_ROUND)).toEqual([]),
    );
    expect((heaps.at(-1) ?? 0) - (heaps[0] ?? 0)).toBeLessThan(20 * MIB);
  });
});
