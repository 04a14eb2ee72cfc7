import fc from 'fast-check';
import { runInNewContext } from 'node:vm';
import { copyState } from './copy-state';

// Generated, and the same each time.
fc.configureGlobal({ seed: 7 });

describe('copyState', () => {
  it('copies any JSON, key order and own __proto__ included', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        const value: unknown = JSON.parse(text);
        expect(JSON.stringify(copyState(value))).toBe(JSON.stringify(value));
      }),
    );
    const odd = JSON.parse('{"__proto__":{"x":1},"a":2}') as object;
    expect(JSON.stringify(copyState(odd))).toBe('{"__proto__":{"x":1},"a":2}');
    expect(Object.getPrototypeOf(copyState(odd))).toBe(Object.prototype);
  });

  it('shares nothing with the original, and belongs to this realm', () => {
    const original = runInNewContext('({ list: [{ n: 1 }], at: new Date(0) })') as {
      list: { n: number }[];
      at: Date;
    };
    const copy = copyState(original);
    const [first] = copy.list;
    if (first) first.n = 2;
    expect(original.list[0]?.n).toBe(1);
    expect(Object.getPrototypeOf(copy)).toBe(Object.prototype);
    expect(copy.at.getTime()).toBe(0);
  });

  it('leaves functions for the store to refuse', () => {
    const value = { f: () => 1 };
    expect(copyState(value).f).toBe(value.f);
  });
});
