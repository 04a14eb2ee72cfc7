/**
 * Make an own data property, whatever its name: plain assignment to `__proto__` would set the
 * prototype instead.
 */
export function setOwn(object: object, key: PropertyKey, value: unknown, enumerable = true): void {
  Object.defineProperty(object, key, { value, enumerable, writable: true, configurable: true });
}
