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

/** The handler and its classes, without `Object.prototype` and `Function.prototype` of any realm. */
function levels(handler: Handler): object[] {
  if (typeof handler === 'function') return [handler];
  const found: object[] = [];
  for (
    let level: object | null = handler;
    level !== null;
    level = Object.getPrototypeOf(level) as object | null
  ) {
    if (level !== handler && Object.hasOwn(level, 'isPrototypeOf')) break;
    found.push(level);
  }
  return found;
}
