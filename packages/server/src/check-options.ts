import { statSync } from 'node:fs';
import type { Server } from 'node:http';
import { resolve } from 'node:path';
import { isJsonObject, unknownOptions } from '@nasc/store-core';
import type { Express } from 'express';
import type { Handlers } from './handlers/handler';
import { isolation, type HandlerInput } from './handlers/handler-input';
import { schemasOf, type SchemaProvider } from './handlers/schema-provider';
import type { AccessOptions } from './http/access';
import { originOf } from './http/origin';
import type { Logger } from './instances/logger';
import { storeOf, type AnyStore } from './instances/map-store';
import type { ScopeOptions } from './pages/render-page';

/** Options of `createProcessor`. */
export interface ProcessorOptions {
  /**
   * Schemas to send on mount, before the values. Unless `NODE_ENV` is `production`, the log warns about
   * states that do not match them.
   */
  schemaProvider?: SchemaProvider | undefined;
  /** Default: errors to the console, nothing else. */
  logger?: Logger | undefined;
  /** Whether handlers may change the state they get. Default `copy`: they may. Versioned stores only. */
  handlerInput?: HandlerInput | undefined;
}

/** Where pages are. */
export interface PageOptions extends ScopeOptions {
  /**
   * The folder of pages and static files. Everything in it is public except dotfiles: keep databases and
   * sources elsewhere.
   */
  rootDir: string;
}

/** Options of `attachNasc`. */
export interface NascOptions<S extends AnyStore = AnyStore> extends ProcessorOptions, AccessOptions {
  /** An Express 5 application. It gets routes; everything else about it stays up to the caller. */
  app: Express;
  /** The HTTP server of `app`. It gets a listener for WebSockets; everything else stays up to the caller. */
  server: Server;
  /** Handlers by type name. */
  handlers: Handlers;
  /** Default: a new `MemoryStore`. A `Map` (`type:id` → state) is a fake for tests. The caller closes it. */
  store?: S | undefined;
  /** Pages and static files. Default: none are served. */
  ssr?: PageOptions | undefined;
  /** Serve `GET /nasc/manifest`. Default: unless `NODE_ENV` is `production`. */
  manifest?: boolean | undefined;
  /** Longest message, in bytes: a longer body gets 413, a longer frame closes its socket. Default 1 MiB. */
  maxMessageBytes?: number | undefined;
  /**
   * How many unsent bytes one connection can have before it gets nothing more until it has read. What it
   * missed is then sent merged. Default 1 MiB.
   */
  maxUnsentBytes?: number | undefined;
}

/** The problems with an option, as sentences that say what to write; empty when there are none. */
type Check = (value: unknown, name: string) => readonly string[];
/** A check for each option; any other name is unknown. */
type Checks<Options> = Readonly<Record<keyof Options, Check>>;

const PROCESSOR: Checks<ProcessorOptions> = {
  schemaProvider: optional(acceptedBy(schemasOf)),
  logger: optional(
    must(has('info', 'warn', 'error'), 'have the methods info, warn and error, as console does'),
  ),
  handlerInput: optional(acceptedBy(isolation)),
};

const PAGES: Checks<PageOptions> = {
  rootDir: must(isFolder, 'be the path of an existing folder'),
  mapScopeToInstance: optional(must(isFunction, 'be a function (scope, type) => instance')),
};

const BYTES = 'be a whole number of bytes above 0, such as 1_048_576';

const NASC: Checks<NascOptions> = {
  app: must(has('use', 'get', 'post'), 'be an Express app, such as express() returns'),
  server: must(has('on', 'off'), 'be the HTTP server of the app, such as createServer(app) returns'),
  handlers: checkHandlers,
  store: optional(acceptedBy(storeOf)),
  ...PROCESSOR,
  ssr: optional(objectOf(PAGES, "be an object such as { rootDir: 'public' }", 'ssr.')),
  authorize: optional(must(isFunction, 'be a function (request, target) => boolean')),
  allowedOrigins: optional(checkOrigins),
  manifest: optional(must((value) => typeof value === 'boolean', 'be true or false')),
  maxMessageBytes: optional(must(isLimit, BYTES)),
  maxUnsentBytes: optional(must(isLimit, BYTES)),
};

/** @throws TypeError listing every problem with the options of `attachNasc`. */
export function checkNascOptions(options: unknown): void {
  refuse('attachNasc', objectOf(NASC, 'be an object: { app, server, handlers, … }')(options, 'options'));
}

/** @throws TypeError listing every problem with the arguments of `createProcessor`. */
export function checkProcessor(handlers: unknown, store: unknown, options: unknown): void {
  refuse('createProcessor', [
    ...checkHandlers(handlers),
    ...acceptedBy(storeOf)(store, 'store'),
    ...objectOf(PROCESSOR, 'be an object')(options, 'options'),
  ]);
}

function refuse(who: string, problems: readonly string[]): void {
  if (problems.length > 0) throw new TypeError(`${who}: ${problems.join('\n')}`);
}

function optional(check: Check): Check {
  return (value, name) => (value === undefined ? [] : check(value, name));
}

function must(test: (value: unknown) => boolean, words: string): Check {
  return (value, name) => (test(value) ? [] : [`${name} must ${words}; got ${shown(value)}.`]);
}

/** Accepts what `parse` does not throw a TypeError for. */
function acceptedBy<T>(parse: (value: T) => unknown): Check {
  return (value) => {
    try {
      parse(value as T);
      return [];
    } catch (error) {
      if (error instanceof TypeError) return [error.message];
      throw error;
    }
  };
}

/** @param path goes before the names of the options. */
function objectOf(checks: Readonly<Record<string, Check>>, words: string, path = ''): Check {
  return (value, name) => {
    if (!isJsonObject(value)) return must(isJsonObject, words)(value, name);
    return [
      ...unknownOptions(value, Object.keys(checks), path),
      ...Object.entries(checks).flatMap(([key, check]) => check(value[key], path + key)),
    ];
  };
}

function checkHandlers(handlers: unknown): readonly string[] {
  const words = 'be an object with a handler for each type';
  if (!isJsonObject(handlers)) return must(isJsonObject, words)(handlers, 'handlers');
  return Object.entries(handlers).flatMap(([type, handler]) => {
    if (isClass(handler))
      return [`handlers.${type} is a class. Pass an instance of it: new ${handler.name}().`];
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

function isFunction(value: unknown): value is (...args: never) => unknown {
  return typeof value === 'function';
}

function isLimit(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) > 0;
}

/** An empty path would be the working directory, with everything in it. */
function isFolder(value: unknown): boolean {
  if (typeof value !== 'string' || value === '' || value.includes('\0')) return false;
  return statSync(resolve(value), { throwIfNoEntry: false })?.isDirectory() === true;
}

function has(...methods: string[]): (value: unknown) => boolean {
  return (value) => methods.every((method) => typeof Reflect.get(Object(value), method) === 'function');
}

/** Whether a function constructs objects with methods: those would be the events, not its static ones. */
function isClass(value: unknown): value is { name: string } {
  if (!isFunction(value) || !('prototype' in value)) return false;
  return isJsonObject(value.prototype) && Object.getOwnPropertyNames(value.prototype).length > 1;
}

/** A function can be a handler if it has methods of its own, as a class with static ones does. */
function isHandler(value: unknown): boolean {
  if (!isFunction(value)) return isJsonObject(value);
  return Object.values(Object.getOwnPropertyDescriptors(value)).some((own) => isFunction(own.value));
}

/** How a message shows a value. */
function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'function') return 'a function';
  if (typeof value !== 'object' || value === null) return String(value);
  return Array.isArray(value) ? 'an array' : 'an object';
}
