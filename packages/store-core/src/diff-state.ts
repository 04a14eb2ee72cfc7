import { setOwn } from './set-own';

/**
 * What changed between two states: own top-level properties with their new values, a removed one as
 * an own key whose value is `undefined`. Values are compared deeply; key order makes no difference.
 * A property whose value is `undefined` counts as absent, as JSON has it.
 *
 * @returns a new object with `next`'s own values in it (not copies); `{}` when nothing changed.
 *   An own `__proto__` property is an own key of the result too.
 */
export function diffState(previous: object, next: object): Record<string, unknown> {
  const diff: Record<string, unknown> = {};
  for (const key of Object.keys(next)) {
    const value = own(next, key);
    if (value !== undefined && !jsonEqual(own(previous, key), value)) setOwn(diff, key, value);
  }
  for (const key of Object.keys(previous)) {
    if (own(previous, key) !== undefined && own(next, key) === undefined) setOwn(diff, key, undefined);
  }
  return diff;
}

/** Whether two JSON values are the same, key order aside. `-0` equals `0`, as JSON has it. */
export function jsonEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item, i) => jsonEqual(item, b[i]));
  }
  if (Array.isArray(b)) return false;
  return definedKeys(a).every((key) => jsonEqual(own(a, key), own(b, key))) && sameSize(a, b);
}

function sameSize(a: object, b: object): boolean {
  return definedKeys(a).length === definedKeys(b).length;
}

function definedKeys(object: object): string[] {
  return Object.keys(object).filter((key) => own(object, key) !== undefined);
}

function own(object: object, key: string): unknown {
  return Object.hasOwn(object, key) ? (object as Record<string, unknown>)[key] : undefined;
}
