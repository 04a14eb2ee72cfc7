import { EventEmitter } from 'node:events';
import type { Handler, HandlerContext, Handlers, Payload } from './handler';

/** A method of a handler, bound to it. */
export type BoundMethod = (payload: Payload, current: object, ctx: HandlerContext) => unknown;

/** What the manifest says of a type. */
export interface HandlerSummary {
  /** Names of its events, sorted. */
  events: string[];
  /** Whether instances can be made. */
  hasMount: boolean;
}

/** The handler of a type; `undefined` when there is none. Inherited names (`constructor`) are none. */
export function findHandler(handlers: Handlers, type: string): Handler | undefined {
  const handler = Object.hasOwn(handlers, type) ? handlers[type] : undefined;
  return isHandler(handler) ? handler : undefined;
}

/** The method for an event, or `undefined`: `mount`, `constructor` and what every object has are none. */
export function findEvent(handler: Handler, event: string): BoundMethod | undefined {
  return NO_EVENTS.has(event) ? undefined : findMethod(handler, event);
}

/** The handler's `mount`, or `undefined`. */
export function findMount(handler: Handler): ((params: Payload) => unknown) | undefined {
  return findMethod(handler, 'mount') as ((params: Payload) => unknown) | undefined;
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
  return typeof method === 'function' ? (method.bind(handler) as BoundMethod) : undefined;
}

/** The handler and its classes, down to the first that is the platform's. */
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
  return Object.getPrototypeOf(value) as object | null;
}

/** Classes that Node has written in JavaScript; the others are recognised by being native. */
const PLATFORM = new Set<object>([EventEmitter.prototype, EventTarget.prototype]);

/** Whether a prototype is of a class of the language, of any realm, or of Node: its methods are no events. */
function isOfPlatform(prototype: object): boolean {
  if (PLATFORM.has(prototype) || Object.hasOwn(prototype, 'isPrototypeOf')) return true;
  const made: unknown = Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value;
  return typeof made === 'function' && Function.prototype.toString.call(made).endsWith('{ [native code] }');
}
