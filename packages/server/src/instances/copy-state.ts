/**
 * A deep copy of a state. Plain objects and arrays are copied here, so that copies belong to the caller's
 * realm and keep functions, which the store then refuses. `structuredClone` copies everything else, such as
 * dates.
 *
 * @throws RangeError when the state is nested too deep for the stack, as a cycle is.
 */
export function copyState<T>(value: T): T {
  return copy(value) as T;
}

function copy(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(copy);
  if (!isPlain(value)) return structuredClone(value);
  // A spread copies an object of a known shape at once, and only its own properties.
  const result: Record<string, unknown> =
    Object.getPrototypeOf(value) === null ? { __proto__: null, ...value } : { ...value };
  for (const key in result) {
    const child = result[key];
    if (typeof child === 'object' && child !== null && Object.hasOwn(result, key)) result[key] = copy(child);
  }
  return result;
}

/** Whether an object comes from an object literal, in any realm. */
function isPlain(value: object): boolean {
  const prototype: object | null = Object.getPrototypeOf(value);
  return (
    prototype === Object.prototype ||
    prototype === null ||
    (Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype, 'isPrototypeOf'))
  );
}
