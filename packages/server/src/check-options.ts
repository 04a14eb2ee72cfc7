import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { NascOptions } from './attach-nasc';
import type { ProcessorOptions } from './events/engine';
import { crossing } from './handlers/handler-input';
import { storeOf } from './instances/map-store';
import { originOf } from './http/origin';
import type { PageOptions } from './http/page-route';
import { schemasOf } from './handlers/schema-provider';

/** What is wrong with an option, as sentences that say what to write; none when nothing is. */
type Check = (value: unknown, name: string) => readonly string[];
/** A check for each option there is; what is not named here is no option. */
type Checks<Options> = Readonly<Record<keyof Options, Check>>;

const PROCESSOR: Checks<ProcessorOptions> = {
  schemaProvider: optional(takenBy(schemasOf)),
  logger: optional(
    must(has('info', 'warn', 'error'), 'have the methods info, warn and error, as console has'),
  ),
  handlerInput: optional(takenBy(crossing)),
};

const PAGES: Checks<PageOptions> = {
  rootDir: must(isFolder, 'be the path of a folder that exists'),
  mapScopeToInstance: optional(must(isFunction, 'be a function (scope, type) => instance')),
};

const BYTES = 'be a whole number of bytes above 0, such as 1_048_576';

const NASC: Checks<NascOptions> = {
  app: must(has('use', 'get', 'post'), 'be an Express app, as express() makes it'),
  server: must(has('on', 'off'), 'be the HTTP server of the app, as createServer(app) makes it'),
  handlers: checkHandlers,
  store: optional(takenBy(storeOf)),
  ...PROCESSOR,
  ssr: optional(isMadeOf(PAGES, "be an object such as { rootDir: 'public' }")),
  authorize: optional(must(isFunction, 'be a function (request, target) => boolean')),
  allowedOrigins: optional(checkOrigins),
  manifest: optional(must((value) => typeof value === 'boolean', 'be true or false')),
  maxMessageBytes: optional(must(isLimit, BYTES)),
  maxUnsentBytes: optional(must(isLimit, BYTES)),
};

/** @throws TypeError that says all that is wrong with the options of `attachNasc`. */
export function checkNascOptions(options: unknown): void {
  refuse('attachNasc', isMadeOf(NASC, 'get { app, server, handlers }')(options, ''));
}

/** @throws TypeError that says all that is wrong with the arguments of `createProcessor`. */
export function checkProcessor(handlers: unknown, store: unknown, options: unknown): void {
  refuse('createProcessor', [
    ...checkHandlers(handlers),
    ...takenBy(storeOf)(store, 'store'),
    ...isMadeOf(PROCESSOR, 'get its options as an object')(options, ''),
  ]);
}

function refuse(who: string, problems: readonly string[]): void {
  if (problems.length > 0) throw new TypeError(`${who}: ${problems.join('\n')}`);
}

function optional(check: Check): Check {
  return (value, name) => (value === undefined ? [] : check(value, name));
}

function must(test: (value: unknown) => boolean, words: string): Check {
  return (value, name) => (test(value) ? [] : [`${name} must ${words}, and is ${shown(value)}.`.trimStart()]);
}

/** What `use` throws a TypeError for is wrong. */
function takenBy<T>(use: (value: T) => unknown): Check {
  return (value) => {
    try {
      use(value as T);
      return [];
    } catch (error) {
      if (error instanceof TypeError) return [error.message];
      throw error;
    }
  };
}

function isMadeOf(checks: Readonly<Record<string, Check>>, words: string): Check {
  return (value, name) => {
    if (!isRecord(value)) return must(isRecord, words)(value, name);
    const prefix = name === '' ? '' : `${name}.`;
    const known = Object.keys(checks).join(', ');
    const unknown = Object.keys(value).filter((key) => !Object.hasOwn(checks, key));
    return [
      ...unknown.map((key) => `${prefix}${key} is no option; there are ${known}.`),
      ...Object.entries(checks).flatMap(([key, check]) => check(value[key], prefix + key)),
    ];
  };
}

function checkHandlers(handlers: unknown): readonly string[] {
  if (!isRecord(handlers))
    return must(isRecord, 'be an object: a handler for each type')(handlers, 'handlers');
  return Object.entries(handlers).flatMap(([type, handler]) => {
    if (isClass(handler)) return [`handlers.${type} is a class: pass an instance, new ${handler.name}().`];
    return must(isHandler, 'be an object whose methods are its events')(handler, `handlers.${type}`);
  });
}

function checkOrigins(origins: unknown, name: string): readonly string[] {
  if (origins === '*') return [];
  const words = "be a list such as ['https://app.example'], or '*'";
  if (!Array.isArray(origins)) return must(Array.isArray, words)(origins, name);
  const isOrigin = (origin: unknown): boolean =>
    origin === '*' || (typeof origin === 'string' && originOf(origin) !== undefined);
  const each = must(isOrigin, "be an origin such as 'https://app.example', without a path or a wildcard");
  return origins.flatMap((origin, i) => each(origin, `${name}[${i}]`));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isFunction(value: unknown): value is (...args: never) => unknown {
  return typeof value === 'function';
}

function isLimit(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) > 0;
}

/** An empty path would be the working directory, with all that is in it. */
function isFolder(value: unknown): boolean {
  if (typeof value !== 'string' || value === '' || value.includes('\0')) return false;
  return statSync(resolve(value), { throwIfNoEntry: false })?.isDirectory() === true;
}

function has(...methods: string[]): (value: unknown) => boolean {
  return (value) => methods.every((method) => typeof Reflect.get(Object(value), method) === 'function');
}

/** Whether a function makes objects with methods: those would be the events, and not its static ones. */
function isClass(value: unknown): value is { name: string } {
  if (!isFunction(value)) return false;
  const { prototype } = value as { prototype?: unknown };
  return (
    typeof prototype === 'object' && prototype !== null && Object.getOwnPropertyNames(prototype).length > 1
  );
}

/** A function may be one if it has methods of its own, as a class of static ones has. */
function isHandler(value: unknown): boolean {
  if (!isFunction(value)) return isRecord(value);
  return Object.values(Object.getOwnPropertyDescriptors(value)).some((own) => isFunction(own.value));
}

/** A value as a message may name it. */
function shown(value: unknown): string {
  if (value === undefined) return 'missing';
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'function') return 'a function';
  if (typeof value !== 'object' || value === null) return String(value);
  return Array.isArray(value) ? 'an array' : 'an object';
}
