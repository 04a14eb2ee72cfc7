/**
 * The JSON text of a value as it is, without what `JSON.stringify` would hide: `undefined`, `-0`,
 * non-finite numbers, dates, class instances, holes, properties that are accessors, symbols or not
 * enumerable. Of plain JSON it is exactly `JSON.stringify(value)`. Two values are the same if their
 * exact texts are; realms make no difference.
 */
export function exactText(value: unknown): string {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return JSON.stringify(value);
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value);
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value !== 'object') return typeof value === 'undefined' ? 'undefined' : `[${typeof value}]`;
  return Array.isArray(value) ? arrayText(value) : objectText(value);
}

function arrayText(array: readonly unknown[]): string {
  const parts: string[] = [];
  for (let i = 0; i < array.length; i++) parts.push(i in array ? exactText(array[i]) : '<hole>');
  const named = Object.keys(array).length - parts.filter((part) => part !== '<hole>').length;
  return `[${parts.join()}${named > 0 ? `,<${named} named properties>` : ''}]`;
}

function objectText(object: object): string {
  const tag = Object.prototype.toString.call(object);
  if (tag !== '[object Object]' || !isPlain(object)) return `${tag}${safeJson(object)}`;
  const parts: string[] = [];
  for (const key of Reflect.ownKeys(object)) {
    const descriptor = Object.getOwnPropertyDescriptor(object, key);
    const name = typeof key === 'string' ? JSON.stringify(key) : String(key);
    if (descriptor === undefined || !('value' in descriptor)) parts.push(`${name}:<accessor>`);
    else parts.push(`${name}${descriptor.enumerable ? '' : '<hidden>'}:${exactText(descriptor.value)}`);
  }
  return `{${parts.join()}}`;
}

/** Plain in any realm: no prototype, or one that is the last of its chain. */
function isPlain(object: object): boolean {
  const prototype = Object.getPrototypeOf(object) as object | null;
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function safeJson(object: object): string {
  try {
    return JSON.stringify(object) ?? '';
  } catch (error) {
    return `<${String(error)}>`;
  }
}
