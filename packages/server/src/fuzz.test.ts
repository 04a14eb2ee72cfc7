import { bombarded } from './test-support/bombard';
import { cleanUp } from './test-support/served';

afterEach(cleanUp);

describe('generated messages', () => {
  it('change no state and close no connection over WebSocket', async () => {
    const server = await bombarded();
    await server.frames(7, 1_000);
    expect(await server.statesAfterOne()).toEqual({ watched: { count: 1 } });
  });

  it('change no state and close no connection over POST', async () => {
    const server = await bombarded();
    expect(await server.post(8, 500)).toEqual([]);
    expect(await server.statesAfterOne()).toEqual({ watched: { count: 1 } });
  });
});
