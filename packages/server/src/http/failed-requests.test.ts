import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ErrorRequestHandler } from 'express';
import { cleanUp, serve, silent } from '../test-support/served';

let rootDir: string;
beforeEach(async () => {
  rootDir = await mkdtemp(join(tmpdir(), 'nasc-failed-'));
  await writeFile(join(rootDir, 'app.html'), '<body na-scope="$a" na-type="Doc"></body>');
});
afterEach(async () => {
  await cleanUp();
  await rm(rootDir, { recursive: true });
});

const handlers = { Doc: { mount: () => ({}) } };
const answer = async (url: string, init?: RequestInit): Promise<[status: number, text: string]> => {
  const response = await fetch(url, init);
  return [response.status, await response.text()];
};
const failed = (error: string): string => JSON.stringify({ ok: false, error });

describe('a request that fails', () => {
  it.each(['/', '/app.html'])('is logged, and its answer tells nothing, as the page %s', async (path) => {
    const cause = new Error('secret');
    const ssr = {
      rootDir,
      mapScopeToInstance: () => {
        throw cause;
      },
    };
    const error = jest.fn();
    const { url } = await serve({ handlers, ssr, logger: { ...silent, error } });
    expect(await answer(url + path)).toEqual([500, failed('The server failed. See its log.')]);
    expect(error.mock.calls).toEqual([[{ err: cause }, 'A request failed.']]);
  });

  it('for its URL is told so', async () => {
    const { url } = await serve({ handlers, ssr: { rootDir } });
    const bad = failed('The URL is not well-formed.');
    expect(await answer(`${url}/nasc/schema/%E0%A4%A`)).toEqual([400, bad]);
    const [status, text] = await answer(`${url}/%E0%A4%A.html`);
    expect(status).toBe(404);
    expect(text).not.toMatch(/ at |node_modules/);
  });

  it('in a route of the application is its own affair', async () => {
    const { url, app } = await serve({ handlers, ssr: { rootDir } }, (prepared) => {
      prepared.get('/mine', () => {
        throw new Error('mine');
      });
    });
    app.use(((_error, _request, response, _next) => {
      response.status(418).end('mine');
    }) satisfies ErrorRequestHandler);
    expect(await answer(`${url}/mine`)).toEqual([418, 'mine']);
  });
});
