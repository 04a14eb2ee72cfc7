import fc from 'fast-check';
import { runInNewContext } from 'node:vm';
import { captureState, MAX_DEPTH } from './capture-state';
import type { StoreError } from './store-error';

// Generated, and the same each time.
fc.configureGlobal({ seed: 7 });

const place = { type: 'T', id: 'secret-id' };
const capture = (full: unknown): string => captureState(full, place);

function refusal(full: unknown): StoreError {
  try {
    capture(full);
  } catch (error) {
    return error as StoreError;
  }
  throw new Error('was not refused');
}

function nested(levels: number): object {
  let value: object = {};
  for (let i = 1; i < levels; i++) value = i % 2 ? { a: value } : { b: [value].at(0) };
  return value;
}

describe('captureState', () => {
  it('gives the JSON text of what JSON can say', () => {
    const state = { a: [1, null, { b: 'x' }], '': false, 'q[0]': '"', n: -0, u: undefined };
    expect(capture(state)).toBe('{"a":[1,null,{"b":"x"}],"":false,"q[0]":"\\"","n":0}');
  });

  it('is JSON.stringify for every JSON object', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue()), (state) => {
        expect(capture(state)).toBe(JSON.stringify(state));
      }),
    );
  });

  it.each<[string, unknown, string]>([
    ['null', null, 'The state is null'],
    ['an array', [], 'The state is an array'],
    ['a string', 'x', 'The state is of type string'],
    ['a Date', { a: { b: new Date(0) } }, 'The state at /a/b is an instance of Date; use date.toISOString()'],
    ['a Map', { a: [new Map()] }, 'The state at /a/0 is an instance of Map; use Object.fromEntries(map)'],
    ['a Set', { a: new Set() }, 'The state at /a is an instance of Set; use [...set]'],
    ['a Buffer', { a: Buffer.from('x') }, 'The state at /a is an instance of Buffer'],
    ['a typed array', { a: new Uint8Array(1) }, 'The state at /a is an instance of Uint8Array'],
    ['a class instance', { a: new (class Money {})() }, 'The state at /a is an instance of Money'],
    ['a boxed string', { a: new String('x') }, 'The state at /a is an instance of String'],
    [
      'an array subclass',
      { a: new (class List extends Array {})() },
      'The state at /a is an instance of List',
    ],
    ['an object that inherits', { a: Object.create({ b: 1 }) }, 'The state at /a is an instance of'],
    ['NaN', { a: NaN }, 'The state at /a is NaN; use null'],
    ['-Infinity', { a: -Infinity }, 'The state at /a is -Infinity'],
    ['a BigInt', { a: 1n }, 'The state at /a is of type bigint; use a string'],
    ['a function', { a() {} }, 'The state at /a is of type function'],
    ['a symbol', { a: Symbol('x') }, 'The state at /a is of type symbol'],
    ['a toJSON', { a: { toJSON: () => 1 } }, 'The state at /a/toJSON is of type function'],
    ['undefined in an array', { a: [undefined] }, 'The state at /a/0 is undefined in an array; use null'],
    ['a hole', { a: [1, , 2] }, 'The state at /a/1 is a hole in an array'], // prettier-ignore
    ['a getter', { a: [{ get b() { return 1; } }] }, 'The state at /a/0/b is an accessor'], // prettier-ignore
    ['a setter', { set a(_: unknown) {} }, 'The state at /a is an accessor'], // prettier-ignore
    ['a getter in an array', { a: Object.defineProperty([0], 0, { get: () => 1, enumerable: true }) }, '/a/0 is an accessor'], // prettier-ignore
    ['a symbol key', { a: { [Symbol('x')]: 1 } }, 'The state at /a has properties that are symbols'],
    ['a hidden property', Object.defineProperty({}, 'x', { value: 1 }), 'The state has properties that are'],
    [
      'an array with names',
      { a: Object.assign([1], { index: 0 }) },
      'The state at /a is an array with named',
    ],
    ['a key to escape', { 'a/b': { 'c~d': NaN } }, 'The state at /a~1b/c~0d is NaN'],
  ])('refuses %s, and says where and what to do', (_name, full, message) => {
    const error = refusal(full);
    expect(error).toMatchObject({ code: 'STORE_INVALID_STATE', type: 'T', id: 'secret-id' });
    expect(error.message).toContain(message);
    expect(error.message).not.toContain('secret-id');
  });

  it('accepts objects without prototype, frozen ones, and those of another realm', () => {
    const bare = Object.assign(Object.create(null) as object, { a: 1 });
    const foreign: unknown = runInNewContext('({ a: [1, { b: null }] })');
    expect(capture({ bare: Object.freeze(bare), foreign })).toBe(
      '{"bare":{"a":1},"foreign":{"a":[1,{"b":null}]}}',
    );
  });

  it('refuses classes of another realm', () => {
    expect(refusal({ a: runInNewContext('new Date(0)') }).message).toContain('is an instance of Date');
    expect(refusal({ a: runInNewContext('[new Map()]') }).message).toContain('/a/0 is an instance of Map');
  });

  it('refuses raw JSON, which would be written as something else', () => {
    const { rawJSON } = JSON as unknown as { rawJSON?: (text: string) => object };
    if (rawJSON !== undefined) expect(refusal({ a: rawJSON('1') }).code).toBe('STORE_INVALID_STATE');
    expect(process.version).toMatch(/^v2[2-9]/);
  });

  it('keeps own keys that name what every object inherits, and pollutes nothing', () => {
    const text = '{"__proto__":{"polluted":1},"constructor":2,"hasOwnProperty":3}';
    expect(capture(JSON.parse(text))).toBe(text);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  it('takes as many levels as it says, and refuses one more', () => {
    expect(capture(nested(MAX_DEPTH))).toBe(JSON.stringify(nested(MAX_DEPTH)));
    expect(refusal(nested(MAX_DEPTH + 1)).message).toContain('is nested deeper than 1024 levels');
    expect(refusal(nested(200_000)).message).toContain('is nested deeper than 1024 levels');
  });

  it('refuses cycles, short and long, and accepts shared references', () => {
    const self: Record<string, unknown> = {};
    self.self = self;
    expect(refusal(self).message).toContain('is inside a cycle');
    const ring: Record<string, unknown> = { list: [{}] };
    (ring.list as Record<string, unknown>[])[0]!.back = ring;
    expect(refusal(ring).message).toContain('is inside a cycle');
    const shared = { x: 1 };
    expect(capture({ a: shared, b: [shared, shared] })).toBe('{"a":{"x":1},"b":[{"x":1},{"x":1}]}');
  });

  it('reads each property of a Proxy once and stores what it read', () => {
    const reads: string[] = [];
    const proxy = new Proxy({ n: 0, list: [1] }, {
      get: (object, key) => (reads.push(String(key)), key === 'n' ? reads.length : Reflect.get(object, key)),
    }); // prettier-ignore
    expect(capture({ deep: [{ proxy }] })).toBe('{"deep":[{"proxy":{"n":1,"list":[1]}}]}');
    expect(capture(proxy)).toBe('{"n":3,"list":[1]}');
    expect(reads).toEqual(['n', 'list', 'n', 'list']);
  });

  it('refuses what a Proxy hides as it would without', () => {
    expect(refusal(new Proxy({ a: NaN }, {})).message).toContain('/a is NaN');
    expect(refusal({ a: new Proxy(new Date(), {}) }).message).toContain('/a is an instance of Date');
    const throws = new Proxy({ a: 1 }, { get: () => { throw new Error('no'); } }); // prettier-ignore
    expect(refusal(throws)).toMatchObject({ code: 'STORE_INVALID_STATE', cause: { message: 'no' } });
  });

  it('answers with its own error when the stack is nearly used up', () => {
    const state = nested(1_000);
    const codes: unknown[] = [];
    let frames = 0;
    const dive = (): void => {
      try {
        dive();
      } finally {
        // On the way back up the room grows: none, too little for this state, enough.
        try {
          if (codes.at(-1) !== 'captured' && frames++ % 16 === 0) codes.push(capture(state) && 'captured');
        } catch (error) {
          codes.push((error as StoreError).code);
        }
      }
    };
    expect(dive).toThrow(RangeError);
    expect(codes).toContain('STORE_INVALID_STATE');
    expect(codes.at(-1)).toBe('captured');
  });
});
