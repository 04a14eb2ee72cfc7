/**
 * Order strings by Unicode code point, as SQLite's BINARY and PostgreSQL's "C" collation do over
 * UTF-8 (rule E5). JavaScript's own `<` compares UTF-16 units, which puts U+10000 and above before
 * U+E000–U+FFFF.
 *
 * @returns negative, zero or positive, for `Array.prototype.sort`.
 */
export function compareCodePoints(a: string, b: string): number {
  const shorter = Math.min(a.length, b.length);
  for (let i = 0; i < shorter; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return rank(x) - rank(y);
  }
  return a.length - b.length;
}

/** Surrogates stand for code points above all others. */
function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}
