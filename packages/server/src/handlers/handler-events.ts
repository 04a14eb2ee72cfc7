import { EventEmitter } from 'node:events';
import type { Handler, HandlerContext, Handlers, Payload } from './handler';

/** A method of a handler, bound to it. */
export type BoundMethod = (payload: Payload, current?: object, ctx?: HandlerContext) => unknown;

/** What the manifest says about a type. */
export interface HandlerSummary {
  /** Names of its events, sorted. */
  events: string[];
  /** Whether instances can be created. */
  hasMount: boolean;
}

/**
 * The handler of a type; `undefined` for an unknown type, including inherited names such as `constructor`.
 */
export function findHandler(handlers: Handlers, type: string): Handler | undefined {
  const handler = Object.hasOwn(handlers, type) ? handlers[type] : undefined;
  return isHandler(handler) ? handler : undefined;
}

/**
 * The method for an event; `undefined` for an unknown event, including `mount`, `constructor` and methods of
 * every object.
 */
export function findEvent(handler: Handler, event: string): BoundMethod | undefined {
  return NO_EVENTS.has(event) ? undefined : findMethod(handler, event);
}

/** The handler's `mount`, if any. */
export function findMount(handler: Handler): BoundMethod | undefined {
  return findMethod(handler, 'mount');
}

/** What each type offers, for `GET /nasc/manifest`. */
export function manifestOf(handlers: Handlers): Record<string, HandlerSummary> {
  const summaries = Object.entries(handlers).filter(([, handler]) => isHandler(handler));
  return Object.fromEntries(
    summaries.map(([type, handler]) => {
      const names = new Set(levels(handler).flatMap((level) => Object.getOwnPropertyNames(level)));
      const events = [...names].filter((name) => findEvent(handler, name) !== undefined).sort();
      return [type, { events, hasMount: findMount(handler) !== undefined }];
    }),
  );
}

const NO_EVENTS = new Set(['mount', 'constructor', '__proto__']);

function isHandler(value: unknown): value is Handler {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

function findMethod(handler: Handler, name: string): BoundMethod | undefined {
  if (!levels(handler).some((level) => Object.hasOwn(level, name))) return undefined;
  const method: unknown = Reflect.get(handler, name);
  return typeof method === 'function' ? method.bind(handler) : undefined;
}

/** The handler and its classes, up to the first that belongs to the platform. */
function levels(handler: Handler): object[] {
  if (typeof handler === 'function') return [handler];
  const found: object[] = [handler];
  for (let level = prototypeOf(handler); level !== null; level = prototypeOf(level)) {
    if (isOfPlatform(level)) break;
    found.push(level);
  }
  return found;
}

function prototypeOf(value: object): object | null {
  return Object.getPrototypeOf(value);
}

/** Node's classes that are written in JavaScript; the others are recognized by being native. */
const PLATFORM = new Set<object>([EventEmitter.prototype, EventTarget.prototype]);

/**
 * Whether a prototype belongs to a class of the language, in any realm, or of Node: its methods are not
 * events.
 */
function isOfPlatform(prototype: object): boolean {
  if (PLATFORM.has(prototype) || Object.hasOwn(prototype, 'isPrototypeOf')) return true;
  const made: unknown = Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value;
  return typeof made === 'function' && Function.prototype.toString.call(made).endsWith('{ [native code] }');
}
