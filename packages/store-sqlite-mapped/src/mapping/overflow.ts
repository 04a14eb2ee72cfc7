import { parseJson } from '@nasc/store-sqlite/internal';
import type { Cell } from './row';

/** What does not fit the columns of a row. */
export interface Overflow {
  /** Properties without a fitting cell, in their order. */
  values?: [property: string, value: unknown][];
  /** All properties in their order, where it is not the schema's. */
  order?: string[];
  /** The instance's state has no property of the key's name. */
  keyless?: boolean;
  /** The item is no object: this is it. */
  item?: { value: unknown };
}

/** A row that cannot be decoded. */
export class FlawedRow extends Error {
  override readonly name = 'FlawedRow';
}

/** The text of the column `_na_overflow`: `{"values":{…},"order":[…],"keyless":true}` or `{"item":…}`. */
export function writeOverflow({ values, order, keyless, item }: Overflow): string | null {
  if (item !== undefined) return JSON.stringify({ item: item.value });
  if (values === undefined && order === undefined && !keyless) return null;
  // fromEntries makes own properties, `__proto__` too.
  return JSON.stringify({ values: values && Object.fromEntries(values), order, keyless });
}

/** @throws FlawedRow when it is not what {@link writeOverflow} makes. */
export function parseOverflow(text: Cell): Overflow {
  const parsed = parse(text);
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) throw flawed();
  if (Object.hasOwn(parsed, 'item')) return { item: { value: (parsed as { item: unknown }).item } };
  const { values = {}, order, keyless } = parsed as { values?: unknown; order?: unknown; keyless?: unknown };
  if (typeof values !== 'object' || values === null) throw flawed();
  if (order !== undefined && !(Array.isArray(order) && order.every((key) => typeof key === 'string')))
    throw flawed();
  return { values: Object.entries(values), ...(order && { order }), ...(keyless === true && { keyless }) };
}

function parse(text: Cell): unknown {
  try {
    return parseJson(String(text));
  } catch (error) {
    throw new FlawedRow('_na_overflow is not JSON that JavaScript can hold', { cause: error });
  }
}

function flawed(): FlawedRow {
  return new FlawedRow('_na_overflow is not what the store writes');
}
