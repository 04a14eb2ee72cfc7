/**
 * A deep copy of a state. Plain objects and arrays are copied here, so that copies are of the caller's
 * realm and keep functions for the store to refuse; everything else with an own kind of copying (Date,
 * Map) by `structuredClone`.
 *
 * @throws RangeError when the state is nested deeper than the stack, as in a cycle.
 */
export function copyState<T>(value: T): T {
  return copy(value) as T;
}

function copy(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(copy);
  if (!isPlain(value)) return structuredClone(value);
  // A spread copies an object of a known shape at once, and makes own properties of own ones only.
  const result: Record<string, unknown> =
    Object.getPrototypeOf(value) === null ? { __proto__: null, ...value } : { ...value };
  for (const key in result) {
    const child = result[key];
    if (typeof child === 'object' && child !== null && Object.hasOwn(result, key)) result[key] = copy(child);
  }
  return result;
}

/** An object literal's object, of any realm. */
function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value) as object | null;
  return (
    prototype === Object.prototype ||
    prototype === null ||
    (Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype, 'isPrototypeOf'))
  );
}
