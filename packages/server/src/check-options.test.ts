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

/** What attachNasc says when it starts with these options in addition to the required ones. */
function said(options: object): string | undefined {
  const app = express();
  const server = createServer(app);
  try {
    attachNasc({ app, server, handlers, ...options });
    return undefined;
  } catch (error) {
    expect(error).toBeInstanceOf(TypeError);
    // Nothing was started.
    expect(server.listenerCount('upgrade')).toBe(0);
    return (error as Error).message;
  }
}

const origin = "must be an origin such as 'https://app.example', without a path or a wildcard";
const bytes = 'must be a whole number of bytes above 0, such as 1_048_576';
const folder = 'must be the path of an existing folder';
const refused: [object, string][] = [
  [
    { allowedOrigins: 'https://app.example.com' },
    `allowedOrigins must be a list such as ['https://app.example'], or '*'; got "https://app.example.com".`,
  ],
  [{ allowedOrigins: [7] }, `allowedOrigins[0] ${origin}; got 7.`],
  [
    { allowedOrigins: ['https://a.example', 'https://b.example/app'] },
    `allowedOrigins[1] ${origin}; got "https://b.example/app".`,
  ],
  [{ allowedOrigins: ['app.example'] }, `allowedOrigins[0] ${origin}; got "app.example".`],
  [{ allowedOrigins: ['localhost:3000'] }, `allowedOrigins[0] ${origin}; got "localhost:3000".`],
  [{ allowedOrigins: ['https://*.a.example'] }, `allowedOrigins[0] ${origin}; got "https://*.a.example".`],
  [{ allowedOrigins: ['null'] }, `allowedOrigins[0] ${origin}; got "null".`],
  [{ maxMessageBytes: '1kb' }, `maxMessageBytes ${bytes}; got "1kb".`],
  [{ maxMessageBytes: 0 }, `maxMessageBytes ${bytes}; got 0.`],
  [{ maxMessageBytes: Infinity }, `maxMessageBytes ${bytes}; got Infinity.`],
  [{ maxUnsentBytes: NaN }, `maxUnsentBytes ${bytes}; got NaN.`],
  [{ authorize: true }, 'authorize must be a function (request, target) => boolean; got true.'],
  [{ manifest: 'false' }, 'manifest must be true or false; got "false".'],
  [{ ssr: 'public' }, `ssr must be an object such as { rootDir: 'public' }; got "public".`],
  [{ ssr: {} }, `ssr.rootDir ${folder}; got undefined.`],
  [
    { ssr: { rootdir: tmpdir() } },
    `Unknown option "ssr.rootdir". Did you mean "ssr.rootDir"? Options: ssr.rootDir, ssr.mapScopeToInstance.\nssr.rootDir ${folder}; got undefined.`,
  ],
  [{ ssr: { rootDir: '/no/such' } }, `ssr.rootDir ${folder}; got "/no/such".`],
  [{ ssr: { rootDir: __filename } }, `ssr.rootDir ${folder}; got ${JSON.stringify(__filename)}.`],
  [{ ssr: { rootDir: '' } }, `ssr.rootDir ${folder}; got "".`],
  [
    { ssr: { rootDir: tmpdir(), mapScopeToInstance: 'root' } },
    'ssr.mapScopeToInstance must be a function (scope, type) => instance; got "root".',
  ],
  [{ handlers: { Counter } }, 'handlers.Counter is a class. Pass an instance of it: new Counter().'],
  [{ handlers: { A: null } }, 'handlers.A must be an object whose methods are its events; got null.'],
  [
    { handlers: { A: () => ({}) } },
    'handlers.A must be an object whose methods are its events; got a function.',
  ],
  [{ handlers: undefined }, 'handlers must be an object with a handler for each type; got undefined.'],
  [{ logger: {} }, 'logger must have the methods info, warn and error, as console does; got an object.'],
  [{ store: {} }, 'store must be a store, with the methods load and persist, or a Map.'],
  [{ handlerInput: 'raw' }, "handlerInput must be 'copy' or 'frozen'."],
  [{ app: undefined }, 'app must be an Express app, such as express() returns; got undefined.'],
];

describe('the options of attachNasc', () => {
  it.each(refused)('refuses at the start: %j', (options, words) => {
    expect(said(options)).toBe(`attachNasc: ${words}`);
  });

  it('refuses an unknown option, and lists the known ones', () => {
    const words = said({ origins: ['https://app.example'] });
    expect(words).toMatch(/^attachNasc: Unknown option "origins"\. Options: app, server, .*allowedOrigins/);
  });

  it('reports all problems at once', () => {
    const lines = said({ authorize: 1, manifest: 1, handlers: { A: 1, B: 2 } })?.split('\n');
    expect(lines).toHaveLength(4);
  });

  it('refuses options that are not an object', () => {
    expect(() => attachNasc(undefined as never)).toThrow(
      'attachNasc: options must be an object: { app, server, handlers, … }; got undefined.',
    );
  });

  it.each([
    { allowedOrigins: '*' },
    { allowedOrigins: ['*'] },
    { allowedOrigins: ['https://app.example/', 'capacitor://localhost', 'http://[::1]:80'] },
    { allowedOrigins: undefined, authorize: undefined, ssr: undefined, store: undefined },
    { ssr: { rootDir: tmpdir() }, maxMessageBytes: 1, manifest: true, logger: silent },
    { handlers: { Counter: Object.assign(() => undefined, { go: () => ({}) }) } },
  ])('accepts: %j', (options) => expect(said(options)).toBeUndefined());
});

describe('the arguments of createProcessor', () => {
  it('refuses them in the same words', () => {
    const create = (...args: unknown[]) => createProcessor(...(args as Parameters<typeof createProcessor>));
    const store = new Map<string, unknown>();
    expect(() => create({ Counter }, store)).toThrow('createProcessor: handlers.Counter is a class');
    expect(() => create(handlers)).toThrow('createProcessor: store must be a store');
    expect(() => create(handlers, store, { schema: {} })).toThrow(
      'Unknown option "schema". Options: schemaProvider',
    );
    expect(() => create(handlers, store, 7)).toThrow(TypeError);
  });
});
