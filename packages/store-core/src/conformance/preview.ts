import { types } from 'node:util';

/**
 * A value in at most about `budget` characters, for messages. Runs none of the value's code: no
 * getter, no proxy trap, no `toJSON`.
 */
export function preview(value: unknown, budget = 160): string {
  const parts: string[] = [];
  write(value, parts, { left: budget }, 0);
  return parts.join('');
}

/** A long text, cut. */
export function cut(text: string, budget = 400): string {
  return text.length <= budget ? text : `${text.slice(0, budget)}… (${text.length} characters)`;
}

interface Budget {
  left: number;
}

function write(value: unknown, parts: string[], budget: Budget, depth: number): void {
  if (budget.left <= 0) return put('…', parts, budget);
  if (typeof value !== 'object' || value === null) return put(scalar(value, budget), parts, budget);
  if (types.isProxy(value)) return put('<proxy>', parts, budget);
  if (depth > 6) return put('…', parts, budget);
  const tag = Object.prototype.toString.call(value);
  if (tag !== '[object Object]' && tag !== '[object Array]') return put(tag, parts, budget);
  const isArray = Array.isArray(value);
  put(isArray ? '[' : '{', parts, budget);
  let first = true;
  // for-in: the keys of a huge array are not made all at once.
  for (const key in value) {
    if (!Object.hasOwn(value, key)) continue;
    if (budget.left <= 0) {
      put('…', parts, budget);
      break;
    }
    put(`${first ? '' : ','}${isArray ? '' : `${scalar(key, budget)}:`}`, parts, budget);
    first = false;
    const descriptor = Object.getOwnPropertyDescriptor(value, key);
    if (descriptor !== undefined && 'value' in descriptor) write(descriptor.value, parts, budget, depth + 1);
    else put('<accessor>', parts, budget);
  }
  put(isArray ? ']' : '}', parts, budget);
}

function put(text: string, parts: string[], budget: Budget): void {
  parts.push(text);
  budget.left -= text.length;
}

function scalar(value: unknown, { left }: Budget): string {
  if (typeof value === 'string') {
    if (value.length <= left) return JSON.stringify(value);
    return `${JSON.stringify(value.slice(0, Math.max(left, 8)))}… (${value.length} characters)`;
  }
  if (Object.is(value, -0)) return '-0';
  return typeof value === 'bigint' ? `${value}n` : typeof value === 'function' ? '<function>' : String(value);
}
