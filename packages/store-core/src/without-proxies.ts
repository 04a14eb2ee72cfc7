import { types } from 'node:util';
import { setOwn } from './set-own';

/**
 * A copy of a value in which every Proxy is replaced by what it holds, each property read once: a
 * Proxy may answer otherwise when it is asked again. Everything else is kept as it is.
 *
 * @param levels how many levels to look into; what is deeper is left alone.
 */
export function withoutProxies(value: unknown, levels: number): unknown {
  if (typeof value !== 'object' || value === null || levels < 0) return value;
  const own = types.isProxy(value) ? read(value) : value;
  const replaced: [string, unknown][] = [];
  for (const [key, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(own))) {
    const child = withoutProxies(descriptor.value, levels - 1);
    if (child !== descriptor.value) replaced.push([key, child]);
  }
  if (replaced.length === 0) return own;
  const copy = own === value ? read(own) : own;
  for (const [key, child] of replaced) setOwn(copy, key, child);
  return copy;
}

function read(object: object): object {
  if (Array.isArray(object)) return Array.from({ length: object.length }, (_, i) => (object as unknown[])[i]);
  const copy = Object.create(Object.getPrototypeOf(object) as object | null) as object;
  for (const key of Reflect.ownKeys(object)) {
    const enumerable = Object.prototype.propertyIsEnumerable.call(object, key);
    setOwn(copy, key, (object as Record<PropertyKey, unknown>)[key], enumerable);
  }
  return copy;
}
