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

describe('a failing request', () => {
  it.each(['/', '/app.html'])('is logged and answered without details, as for the page %s', async (path) => {
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

  it('is answered with the reason if its URL is malformed', async () => {
    const { url } = await serve({ handlers, ssr: { rootDir } });
    const bad = failed('The URL is not well-formed.');
    expect(await answer(`${url}/nasc/schema/%E0%A4%A`)).toEqual([400, bad]);
    const [status, text] = await answer(`${url}/%E0%A4%A.html`);
    expect(status).toBe(404);
    expect(text).not.toMatch(/ at |node_modules/);
  });

  it('is left to the application in its own routes', async () => {
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
