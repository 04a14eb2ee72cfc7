import fc from 'fast-check';
import { diffState, jsonEqual } from './diff-state';

// Generated, and the same each time.
fc.configureGlobal({ seed: 7 });

describe('diffState', () => {
  it('gives changed and added properties with their new values', () => {
    expect(diffState({ a: 1, b: [1], c: { x: 1 } }, { a: 1, b: [2], d: null })).toEqual({
      b: [2],
      c: undefined,
      d: null,
    });
  });

  it('gives a removed property as an own key whose value is undefined', () => {
    const diff = diffState({ a: 1 }, {});
    expect(Object.keys(diff)).toEqual(['a']);
    expect(diff.a).toBeUndefined();
  });

  it('takes an undefined property for an absent one', () => {
    expect(Object.keys(diffState({ a: undefined, b: 1 }, { b: 1, c: undefined }))).toEqual([]);
    expect(Object.keys(diffState({ a: 1 }, { a: undefined }))).toEqual(['a']);
  });

  it('makes no difference for key order, at any depth', () => {
    expect(diffState({ a: { x: 1, y: [{ p: 1, q: 2 }] } }, { a: { y: [{ q: 2, p: 1 }], x: 1 } })).toEqual({});
  });

  it('tells absent, null, [] and {} apart', () => {
    for (const [a, b] of [
      [null, []],
      [[], {}],
      [{}, null],
      [{ a: 1 }, [1]],
      [[1], [1, 1]],
      ['1', 1],
    ]) {
      // prettier-ignore
      expect(Object.keys(diffState({ v: a }, { v: b }))).toEqual(['v']);
    }
    expect(Object.keys(diffState({}, { v: null }))).toEqual(['v']);
  });

  it('handles own keys that name what every object inherits', () => {
    const next = JSON.parse('{"__proto__":{"x":1},"toString":1}') as object;
    const diff = diffState({}, next);
    expect(Object.keys(diff)).toEqual(['__proto__', 'toString']);
    expect(Object.getPrototypeOf(diff)).toBe(Object.prototype);
    expect(diffState(next, JSON.parse(JSON.stringify(next)) as object)).toEqual({});
    expect(Object.keys(diffState(next, {}))).toEqual(['__proto__', 'toString']);
  });

  it('applied to the earlier state gives the later one', () => {
    const states = fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 6, noNullPrototype: true });
    fc.assert(
      fc.property(states, states, (previous, next) => {
        const result: Record<string, unknown> = { ...previous, ...diffState(previous, next) };
        for (const key of Object.keys(result)) if (result[key] === undefined) delete result[key];
        expect(jsonEqual(result, next)).toBe(true);
        expect(diffState(next, structuredClone(next))).toEqual({});
      }),
    );
  });
});
