import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import express from 'express';
import { attachNasc } from './attach-nasc';
import { createProcessor } from './create-processor';
import { silent } from './test-support/served';

class Counter {
  mount() {
    return { count: 0 };
  }
}
const handlers = { Counter: new Counter() };

/** What attachNasc says when it starts with these options, besides those that it needs. */
function said(options: object): string | undefined {
  const app = express();
  const server = createServer(app);
  try {
    attachNasc({ app, server, handlers, ...options });
    return undefined;
  } catch (error) {
    expect(error).toBeInstanceOf(TypeError);
    // Nothing was begun.
    expect(server.listenerCount('upgrade')).toBe(0);
    return (error as Error).message;
  }
}

const origin = "must be an origin such as 'https://app.example', without a path or a wildcard";
const bytes = 'must be a whole number of bytes above 0, such as 1_048_576';
const folder = 'must be the path of a folder that exists';
const refused: [object, string][] = [
  [
    { allowedOrigins: 'https://app.example.com' },
    `allowedOrigins must be a list such as ['https://app.example'], or '*', and is "https://app.example.com".`,
  ],
  [{ allowedOrigins: [7] }, `allowedOrigins[0] ${origin}, and is 7.`],
  [
    { allowedOrigins: ['https://a.example', 'https://b.example/app'] },
    `allowedOrigins[1] ${origin}, and is "https://b.example/app".`,
  ],
  [{ allowedOrigins: ['app.example'] }, `allowedOrigins[0] ${origin}, and is "app.example".`],
  [{ allowedOrigins: ['localhost:3000'] }, `allowedOrigins[0] ${origin}, and is "localhost:3000".`],
  [{ allowedOrigins: ['https://*.a.example'] }, `allowedOrigins[0] ${origin}, and is "https://*.a.example".`],
  [{ allowedOrigins: ['null'] }, `allowedOrigins[0] ${origin}, and is "null".`],
  [{ maxMessageBytes: '1kb' }, `maxMessageBytes ${bytes}, and is "1kb".`],
  [{ maxMessageBytes: 0 }, `maxMessageBytes ${bytes}, and is 0.`],
  [{ maxMessageBytes: Infinity }, `maxMessageBytes ${bytes}, and is Infinity.`],
  [{ maxUnsentBytes: NaN }, `maxUnsentBytes ${bytes}, and is NaN.`],
  [{ authorize: true }, 'authorize must be a function (request, target) => boolean, and is true.'],
  [{ manifest: 'false' }, 'manifest must be true or false, and is "false".'],
  [{ ssr: 'public' }, `ssr must be an object such as { rootDir: 'public' }, and is "public".`],
  [{ ssr: {} }, `ssr.rootDir ${folder}, and is missing.`],
  [
    { ssr: { rootdir: tmpdir() } },
    `ssr.rootdir is no option; there are rootDir, mapScopeToInstance.\nssr.rootDir ${folder}, and is missing.`,
  ],
  [{ ssr: { rootDir: '/no/such' } }, `ssr.rootDir ${folder}, and is "/no/such".`],
  [{ ssr: { rootDir: __filename } }, `ssr.rootDir ${folder}, and is ${JSON.stringify(__filename)}.`],
  [{ ssr: { rootDir: '' } }, `ssr.rootDir ${folder}, and is "".`],
  [
    { ssr: { rootDir: tmpdir(), mapScopeToInstance: 'root' } },
    'ssr.mapScopeToInstance must be a function (scope, type) => instance, and is "root".',
  ],
  [{ handlers: { Counter } }, 'handlers.Counter is a class: pass an instance, new Counter().'],
  [{ handlers: { A: null } }, 'handlers.A must be an object whose methods are its events, and is null.'],
  [
    { handlers: { A: () => ({}) } },
    'handlers.A must be an object whose methods are its events, and is a function.',
  ],
  [{ handlers: undefined }, 'handlers must be an object: a handler for each type, and is missing.'],
  [{ logger: {} }, 'logger must have the methods info, warn and error, as console has, and is an object.'],
  [{ store: {} }, 'store must have the methods load and persist, or be a Map.'],
  [{ handlerInput: 'raw' }, "handlerInput must be 'copy' or 'frozen'."],
  [{ app: undefined }, 'app must be an Express app, as express() makes it, and is missing.'],
];

describe('the options of attachNasc', () => {
  it.each(refused)('are refused at the start: %j', (options, words) => {
    expect(said(options)).toBe(`attachNasc: ${words}`);
  });

  it('are refused when there is no such option, and the message names those there are', () => {
    const words = said({ origins: ['https://app.example'] });
    expect(words).toMatch(/^attachNasc: origins is no option; there are app, server, .*allowedOrigins/);
  });

  it('are told of all at once', () => {
    const lines = said({ authorize: 1, manifest: 1, handlers: { A: 1, B: 2 } })?.split('\n');
    expect(lines).toHaveLength(4);
  });

  it('are none when there is no object', () => {
    expect(() => attachNasc(undefined as never)).toThrow(
      'attachNasc: must get { app, server, handlers }, and is missing.',
    );
  });

  it.each([
    { allowedOrigins: '*' },
    { allowedOrigins: ['*'] },
    { allowedOrigins: ['https://app.example/', 'capacitor://localhost', 'http://[::1]:80'] },
    { allowedOrigins: undefined, authorize: undefined, ssr: undefined, store: undefined },
    { ssr: { rootDir: tmpdir() }, maxMessageBytes: 1, manifest: true, logger: silent },
    { handlers: { Counter: Object.assign(() => undefined, { go: () => ({}) }) } },
  ])('are taken: %j', (options) => expect(said(options)).toBeUndefined());
});

describe('the arguments of createProcessor', () => {
  it('are refused in the same words', () => {
    const create = (...args: unknown[]) => createProcessor(...(args as Parameters<typeof createProcessor>));
    const store = new Map<string, unknown>();
    expect(() => create({ Counter }, store)).toThrow('createProcessor: handlers.Counter is a class');
    expect(() => create(handlers)).toThrow('createProcessor: store must have the methods');
    expect(() => create(handlers, store, { schema: {} })).toThrow(
      'schema is no option; there are schemaProvider',
    );
    expect(() => create(handlers, store, 7)).toThrow(TypeError);
  });
});
