import { checkLinearizable, MAX_OPERATIONS, type Operation } from './linearizability';

type Value = number | null;

const write = (value: Value, invoked: number, returned: number): Operation<Value> => ({
  label: `write ${value}`,
  invoked,
  returned,
  apply: () => value,
});
const read = (value: Value, invoked: number, returned: number): Operation<Value> => ({
  label: `read ${value}`,
  invoked,
  returned,
  apply: (state) => (state === value ? state : undefined),
});
const swap = (from: Value, to: Value, invoked: number, returned: number): Operation<Value> => ({
  label: `swap ${from} ${to}`,
  invoked,
  returned,
  apply: (state) => (state === from ? to : undefined),
});

const isLinearizable = (...operations: Operation<Value>[]) =>
  checkLinearizable(null, operations, String).linearizable;

describe('checkLinearizable', () => {
  it('accepts what happens one after the other', () => {
    expect(isLinearizable()).toBe(true);
    expect(isLinearizable(write(1, 0, 1), read(1, 2, 3), write(2, 4, 5), read(2, 6, 7))).toBe(true);
  });

  it('accepts any order of what overlaps', () => {
    expect(isLinearizable(write(1, 0, 10), write(2, 1, 9), read(2, 2, 3), read(1, 4, 5))).toBe(true);
    expect(isLinearizable(write(1, 0, 10), read(null, 1, 2), read(1, 3, 4))).toBe(true);
  });

  it('rejects a read of what is over', () => {
    expect(isLinearizable(write(1, 0, 1), write(2, 2, 3), read(1, 4, 5))).toBe(false);
    expect(isLinearizable(write(1, 0, 1), read(null, 2, 3))).toBe(false);
  });

  it('rejects a reader that goes back while a write is in flight', () => {
    expect(isLinearizable(write(1, 0, 10), read(1, 1, 2), read(null, 3, 4))).toBe(false);
  });

  it('rejects a read of what nobody wrote', () => {
    expect(isLinearizable(write(1, 0, 1), read(3, 2, 3))).toBe(false);
  });

  it('rejects two winners of one swap', () => {
    expect(isLinearizable(swap(null, 1, 0, 5), swap(null, 2, 1, 6))).toBe(false);
    expect(isLinearizable(swap(null, 1, 0, 5), swap(1, 2, 1, 6))).toBe(true);
  });

  it('rejects two readers who see two writes in different orders', () => {
    const writes = [write(1, 0, 20), write(2, 0, 20)];
    const one = [read(1, 1, 2), read(2, 5, 6)];
    const other = [read(2, 3, 4), read(1, 7, 8)];
    expect(isLinearizable(...writes, ...one)).toBe(true);
    expect(isLinearizable(...writes, ...one, ...other)).toBe(false);
  });

  it('leaves open what has no known outcome: it may take effect at any time, or never', () => {
    const open = write(1, 0, Infinity);
    expect(isLinearizable(open, read(null, 5, 6))).toBe(true);
    expect(isLinearizable(open, read(null, 5, 6), read(1, 7, 8))).toBe(true);
    expect(isLinearizable(open, read(1, 5, 6), read(null, 7, 8))).toBe(false);
    expect(isLinearizable(read(1, 1, 2), write(1, 3, Infinity))).toBe(false);
  });

  it('tells how far an order goes, and what cannot come next', () => {
    const verdict = checkLinearizable<Value>(null, [write(1, 0, 1), read(1, 2, 3), read(7, 4, 5)], String);
    expect(verdict).toEqual({ linearizable: false, order: ['write 1', 'read 1'], stuck: ['read 7'] });
  });

  it('checks a hundred overlapping operations, and refuses more', () => {
    const many = Array.from({ length: MAX_OPERATIONS }, (_, i) => write(i, i, i + 12));
    expect(checkLinearizable<Value>(null, many, String).linearizable).toBe(true);
    expect(() => checkLinearizable<Value>(null, [...many, write(0, 0, 1)], String)).toThrow(RangeError);
  });
});
