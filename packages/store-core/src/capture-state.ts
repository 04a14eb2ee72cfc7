import { types } from 'node:util';
import { kindOf } from './check-key';
import { isJsonObject } from './is-json-object';
import { StoreError } from './store-error';
import { withoutProxies } from './without-proxies';

/** How many objects and arrays may stand one inside the other, the root included. */
export const MAX_DEPTH = 1_024;

/** What a state is of, for the error. */
export interface StatePlace {
  type: string;
  id: string;
  /** Which write of a commit. */
  index?: number | undefined;
}

/**
 * Check that `full` is a JSON object and take it as it is now: its JSON text.
 *
 * What JSON would change or lose is refused with `STORE_INVALID_STATE`, with the JSON Pointer
 * (RFC 6901) and the way out in the message (rules V6–V11). A property whose value is `undefined`
 * is absent; `-0` is `0`. Nothing relies on `instanceof`: values may come from another realm.
 */
export function captureState(full: unknown, place: StatePlace): string {
  return guarded(place, (walk) => JSON.stringify(checkedState(full, walk)));
}

/** Tells of an item of an array, asked in their order, whether it is known to be plain JSON data. */
export type KnownItem = (item: unknown, index: number) => boolean;

/** What a store remembers of a state, so that guarding and comparing it can be one pass. */
export interface KnownState {
  /**
   * Called when the guard comes to an array that is a property of the state.
   *
   * @returns what tells of its items; those that are known are not looked at. `undefined`: look at all.
   */
  items(property: string, length: number): KnownItem | undefined;
}

/**
 * {@link captureState} for a store that takes what it needs of the state itself, before it returns.
 *
 * @returns the caller's object, or where it holds a Proxy a plain copy. Reading it calls no code.
 */
export function checkState(full: unknown, place: StatePlace, known?: KnownState): object {
  return guarded(place, (walk) => checkedState(full, walk), known);
}

function guarded<T>(place: StatePlace, work: (walk: Walk) => T, known?: KnownState): T {
  const walk: Walk = { path: [], above: [], plain: false, known };
  try {
    return work(walk);
  } catch (error) {
    throw refusal(error, walk, place);
  }
}

/** The state itself, or where it holds a Proxy, which may answer otherwise the next time, a copy. */
function checkedState(full: unknown, walk: Walk): object {
  try {
    return checkRoot(full, walk);
  } catch (error) {
    if (error !== PROXY) throw error;
  }
  const copy = withoutProxies(full, MAX_DEPTH);
  walk.plain = true;
  return checkRoot(copy, walk);
}

/** Thrown where a Proxy is met, before anything of it is read. */
const PROXY = Symbol('proxy');

interface Walk {
  /** The keys on the way to the value at hand, by depth; deeper entries are stale. */
  readonly path: (string | number)[];
  /** The objects on the way, likewise. */
  readonly above: object[];
  /** Whether all Proxies have been replaced. */
  plain: boolean;
  readonly known: KnownState | undefined;
}

/** What is wrong, `depth` steps down the walk's path, and what to do. */
class Flaw {
  constructor(
    readonly depth: number,
    readonly what: string,
    readonly wayOut: string,
  ) {}
}

// `__lookupGetter__` is of Annex B, but the only test for an accessor that neither calls it nor
// allocates a descriptor; `hasOwnProperty` within for-in is nearly free in V8.
const { __lookupGetter__: lookupGetter, hasOwnProperty } = Object.prototype as unknown as {
  __lookupGetter__(this: object, key: string | number): unknown;
  hasOwnProperty(this: object, key: string): boolean;
};

function checkRoot(full: unknown, walk: Walk): object {
  if (!isJsonObject(full)) {
    throw new Flaw(0, `is ${kindOf(full)}, and a state is a JSON object`, 'wrap it: { value: … }');
  }
  checkObject(full, 0, walk);
  return full;
}

function checkObject(object: object, depth: number, walk: Walk): void {
  enter(object, depth, walk);
  // Mostly answered from the object's shape, which the first question tells V8.
  if (object.constructor !== Object || Object.getPrototypeOf(object) !== Object.prototype) {
    const prototype = Object.getPrototypeOf(object) as object | null;
    if (!isPlain(object, prototype)) throw classFlaw(prototype, depth);
  }
  let keys = 0;
  for (const key in object) {
    if (!hasOwnProperty.call(object, key)) continue;
    keys++;
    walk.path[depth] = key;
    if (lookupGetter.call(object, key) !== undefined && isAccessor(object, key))
      throw accessorFlaw(depth + 1);
    const value = (object as Record<string, unknown>)[key];
    if (typeof value === 'string' || typeof value === 'boolean') continue;
    if (value !== undefined) checkValue(value, depth + 1, walk);
    else if (isAccessor(object, key)) throw accessorFlaw(depth + 1);
  }
  if (
    Object.getOwnPropertyNames(object).length !== keys ||
    Object.getOwnPropertySymbols(object).length !== 0
  ) {
    throw new Flaw(depth, 'has properties that are symbols or not enumerable', 'use enumerable string keys');
  }
}

function checkArray(array: unknown[], depth: number, walk: Walk): void {
  enter(array, depth, walk);
  const prototype = Object.getPrototypeOf(array) as object | null;
  if (prototype !== Array.prototype && !isArrayPrototype(prototype)) throw classFlaw(prototype, depth);
  const isKnown = depth === 1 ? walk.known?.items(walk.path[0] as string, array.length) : undefined;
  for (let i = 0; i < array.length; i++) {
    if (isKnown !== undefined && isKnown(array[i], i)) continue;
    walk.path[depth] = i;
    if (lookupGetter.call(array, i) !== undefined && isAccessor(array, i)) throw accessorFlaw(depth + 1);
    const value = array[i];
    if (value === undefined) {
      const what = Object.hasOwn(array, i) ? 'is undefined in an array' : 'is a hole in an array';
      throw new Flaw(depth + 1, what, 'use null');
    }
    checkValue(value, depth + 1, walk);
  }
  if (Object.keys(array).length !== array.length || Object.getOwnPropertySymbols(array).length !== 0) {
    throw new Flaw(depth, 'is an array with named properties', 'move them to an object');
  }
}

function checkValue(value: unknown, depth: number, walk: Walk): void {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return;
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new Flaw(depth, `is ${value}`, 'use null or a string');
  } else if (typeof value === 'object') {
    if (Array.isArray(value)) checkArray(value, depth, walk);
    else checkObject(value, depth, walk);
  } else {
    throw new Flaw(depth, `is ${kindOf(value)}`, WAYS_OUT[typeof value] ?? 'leave it out');
  }
}

const WAYS_OUT: Record<string, string> = {
  bigint: 'use a string, or a number where it is safe',
  symbol: 'use a string',
  function: 'store what it computes, or leave it out',
};

function enter(object: object, depth: number, walk: Walk): void {
  if (depth >= MAX_DEPTH) {
    // Every cycle leads here, and is then a repetition on the way.
    if (new Set(walk.above).size < MAX_DEPTH)
      throw new Flaw(depth, 'is inside a cycle', 'refer to it by an id');
    throw new Flaw(depth, `is nested deeper than ${MAX_DEPTH} levels`, 'flatten the state');
  }
  walk.above[depth] = object;
  if (!walk.plain && types.isProxy(object)) throw PROXY;
}

/** Whether `key` is an accessor of the object's own; the inherited `__proto__` is not. */
function isAccessor(object: object, key: string | number): boolean {
  const descriptor = Object.getOwnPropertyDescriptor(object, key);
  return descriptor !== undefined && !Object.hasOwn(descriptor, 'value');
}

function accessorFlaw(depth: number): Flaw {
  return new Flaw(depth, 'is an accessor (get or set)', 'store the value that it computes');
}

/** Whether an object is a plain one of another realm, or one without prototype. */
function isPlain(object: object, prototype: object | null): boolean {
  if (prototype === null) return !isRawJson(object);
  return (
    Object.getPrototypeOf(prototype) === null &&
    Object.hasOwn(prototype, 'hasOwnProperty') &&
    Object.hasOwn(prototype, 'isPrototypeOf') &&
    !Object.hasOwn(prototype, 'toJSON')
  );
}

/** Of any realm: each one's `Array.prototype` is itself an array. */
function isArrayPrototype(prototype: object | null): boolean {
  return (
    Array.isArray(prototype) && Object.hasOwn(prototype, 'concat') && !Object.hasOwn(prototype, 'toJSON')
  );
}

/** `JSON.rawJSON('…')` makes plain-looking objects that stringify to something else. */
function isRawJson(object: object): boolean {
  const { isRawJSON } = JSON as unknown as { isRawJSON?: (value: unknown) => boolean };
  return isRawJSON?.(object) ?? false;
}

function classFlaw(prototype: object | null, depth: number): Flaw {
  const constructor = prototype && Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value;
  const name = typeof constructor === 'function' && constructor.name !== '' ? constructor.name : 'a class';
  const wayOut = CLASS_WAYS_OUT[name] ?? 'take plain data from it, for example { ...it }';
  return new Flaw(depth, `is an instance of ${name}`, wayOut);
}

const CLASS_WAYS_OUT: Record<string, string> = {
  Date: 'use date.toISOString() or date.getTime()',
  Map: 'use Object.fromEntries(map) or [...map]',
  Set: 'use [...set]',
  Buffer: "use buffer.toString('base64')",
  RegExp: 'use regexp.source',
  Error: 'use error.message',
  URL: 'use url.href',
};

function refusal(error: unknown, walk: Walk, { type, id, index }: StatePlace): StoreError {
  if (error instanceof Flaw) {
    const where =
      error.depth === 0 ? 'The state' : `The state at ${pointer(walk.path.slice(0, error.depth))}`;
    return new StoreError('STORE_INVALID_STATE', `${where} ${error.what}; ${error.wayOut}.`, {
      type,
      id,
      index,
    });
  }
  // A caller deep in its own recursion, a string longer than the engine allows, a throwing Proxy.
  const message = 'The state cannot be written as JSON; see the cause.';
  return new StoreError('STORE_INVALID_STATE', message, { type, id, index, cause: error });
}

/** A JSON Pointer, cut where it would be longer than a message should be. */
function pointer(path: readonly (string | number)[]): string {
  const whole = path.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
  return whole.length <= 200 ? whole : `${whole.slice(0, 200)}…`;
}
