/** An integer that JavaScript cannot hold, or a number that it takes for infinite. */
const SUSPICIOUS = /(?<![.\d])\d{16}|\d{309}|\d[eE]\+?\d{3}/;

/**
 * Parse JSON that another program may have written. An integer that JavaScript would round (a 64-bit id) comes as
 * the text of its digits, as SQL drivers give it; everything that this package writes comes as `JSON.parse` has it.
 *
 * @param onInteger what such an integer becomes, instead of its text.
 * @throws SyntaxError when it is not JSON; RangeError for a number like 1e999, which would be infinite.
 */
export function parseJson(text: string, onInteger: (digits: string) => unknown = String): unknown {
  if (!SUSPICIOUS.test(text)) return JSON.parse(text);
  return JSON.parse(text, (_key, value: unknown, context?: { source?: string }) => {
    if (typeof value !== 'number') return value;
    if (!Number.isFinite(value)) throw new RangeError('A number is too large for JavaScript.');
    const digits = context?.source ?? '';
    return Number.isSafeInteger(value) || !/^-?\d+$/.test(digits) || String(value) === digits
      ? value
      : onInteger(digits);
  });
}
