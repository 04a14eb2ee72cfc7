import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MemoryStore } from '@nasc/store-memory';
import { cleanUp, serve } from './test-support/served';
import { handlers } from './test-support/typed-handlers';

afterEach(cleanUp);

const readme = readFileSync(join(__dirname, '../README.md'), 'utf8');
/** The blocks of code in a language. */
const blocks = (language: string): string[] =>
  [...readme.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, 'gms'))].map(([, code]) => code ?? '');

describe('README.md', () => {
  it('shows the typed handlers that are type-checked here', () => {
    const checked = readFileSync(join(__dirname, 'test-support/typed-handlers.ts'), 'utf8');
    expect(blocks('ts')).toContain(checked.replace('../index', '@nasc/server'));
  });

  it('shows the message and its answers as they are on both transports', async () => {
    const [message, frame, acknowledgement] = blocks('json').map((json): unknown => JSON.parse(json));
    const byPost = await serve<MemoryStore>({ handlers });
    await byPost.nasc.processMessage({ event: 'mount', type: 'Counter', instance: 'home' });
    expect(await byPost.post(message)).toEqual({ status: 202, body: { ok: true } });
    expect(await byPost.nasc.store.load('Counter', 'home')).toEqual({ id: 'home', count: 2 });

    const bySocket = await serve<MemoryStore>({ handlers });
    const [plain, asking] = [await bySocket.ws(), await bySocket.ws({ protocols: ['nasc.v2'] })];
    for (const tab of [plain, asking]) {
      await tab.send({ event: 'mount', type: 'Counter', instance: 'home', payload: {} });
      await tab.next();
    }
    await asking.send(message);
    expect(await plain.next()).toEqual({ cursor: '', patches: frame });
    expect(await asking.next()).toEqual({ cursor: expect.any(String), patches: frame });
    expect(await asking.next()).toEqual(acknowledgement);
  });
});
