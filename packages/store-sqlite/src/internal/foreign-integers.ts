import { parseJson } from './parse-json';

/** Where a state has digits in quotes that may be an integer of another program, see {@link parseJson}. */
const QUOTED_DIGITS = /"-?\d{16,}"/;

/** An integer in the stored JSON that JavaScript cannot hold. */
class ForeignInteger {
  constructor(readonly digits: string) {}
}

/** Whether a state's JSON may hold an integer that was loaded as text. */
export function mayHoldForeignIntegers(text: string): boolean {
  return QUOTED_DIGITS.test(text);
}

/**
 * The JSON to be written, in which an integer of another program that was loaded as text, and is where it was with
 * the same digits, is an integer again.
 *
 * @param stored the JSON that is in the database.
 * @param text the JSON of the new state.
 */
export function keepForeignIntegers(stored: unknown, text: string): string {
  if (typeof stored !== 'string') return text;
  let before: unknown;
  try {
    before = parseJson(stored, (digits) => new ForeignInteger(digits));
  } catch {
    // It is damaged, and overwritten now.
    return text;
  }
  return JSON.stringify(kept(before, JSON.parse(text)));
}

function kept(before: unknown, after: unknown): unknown {
  if (before instanceof ForeignInteger) return before.digits === after ? rawJson(before.digits) : after;
  if (typeof before !== 'object' || before === null || typeof after !== 'object' || after === null)
    return after;
  if (Array.isArray(after)) return Array.isArray(before) ? keptItems(before, after) : after;
  for (const key of Object.keys(after)) {
    if (!Object.hasOwn(before, key)) continue;
    const value = kept((before as Record<string, unknown>)[key], (after as Record<string, unknown>)[key]);
    Object.defineProperty(after, key, { value });
  }
  return after;
}

/** Items are met again by their `id`, where they have one, else by their place. */
function keptItems(before: readonly unknown[], after: readonly unknown[]): unknown[] {
  const byId = new Map(before.map((item) => [idOf(item), item]));
  return after.map((item, i) => kept(byId.get(idOf(item)) ?? before[i], item));
}

function idOf(item: unknown): unknown {
  const id = (item as { id?: unknown } | null | undefined)?.id;
  return id instanceof ForeignInteger ? id.digits : id;
}

/** Text that `JSON.stringify` takes as it is; Node 22 has it, TypeScript 6 does not know it. */
function rawJson(text: string): unknown {
  return (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(text);
}
