import { runInNewContext } from 'node:vm';
import { exactText } from './exact-text';
import { preview } from './preview';

describe('exactText', () => {
  it('is JSON.stringify for plain JSON, of any realm', () => {
    const text = '{"b":[1,null,{"a":"\\ud800"}],"__proto__":{},"":false,"n":-1.5e+300}';
    for (const value of [
      JSON.parse(text),
      runInNewContext(`JSON.parse(${JSON.stringify(text)})`),
      structuredClone(JSON.parse(text)),
    ]) {
      expect(exactText(value)).toBe(text);
    }
  });

  it('shows what JSON hides', () => {
    const hidden = Object.defineProperty({ a: undefined }, 'h', { value: 1 });
    const values: unknown[] = [
      undefined,
      -0,
      NaN,
      1n,
      Symbol('s'),
      () => 1,
      hidden,
      [undefined],
      new Array(1),
      new Date(0),
      new Map(),
      {
        get a() {
          return 1;
        },
      },
      { [Symbol('k')]: 1 },
      Object.assign([1], { x: 1 }),
      new (class A {})(),
      Object('s'),
    ];
    const texts = values.map(exactText);
    expect(new Set(texts).size).toBe(values.length);
    for (const [i, value] of values.entries())
      expect([i, texts[i]]).not.toEqual([i, typeof value === 'bigint' ? '' : JSON.stringify(value)]);
  });
});

describe('preview', () => {
  it('is short, and runs nothing of the value', () => {
    const thrower = {
      get a(): never {
        throw new Error('run');
      },
      toJSON: () => {
        throw new Error('run');
      },
    };
    const proxy = new Proxy(
      {},
      {
        ownKeys: () => {
          throw new Error('run');
        },
      },
    );
    expect(preview([thrower, proxy])).toBe('[{"a":<accessor>,"toJSON":<function>},<proxy>]');
    const cycle: unknown[] = [];
    cycle.push(cycle);
    for (const value of ['x'.repeat(1e6), Array.from({ length: 1e5 }, () => 'item'), cycle]) {
      expect(preview(value, 100).length).toBeLessThan(200);
    }
  });
});
