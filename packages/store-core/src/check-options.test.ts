import { checkOptions, unknownOptions } from './check-options';

const known = ['durability', 'busyTimeout'];

describe('checkOptions', () => {
  it('accepts known options, and none', () => {
    expect(() => checkOptions({}, known)).not.toThrow();
    expect(() => checkOptions({ busyTimeout: undefined }, known)).not.toThrow();
  });

  it.each([
    [
      { durabilty: 1 },
      'Unknown option "durabilty". Did you mean "durability"? Options: durability, busyTimeout.',
    ],
    [{ readOnly: 1 }, 'Unknown option "readOnly". Options: durability, busyTimeout.'],
    [
      { [`"${'x'.repeat(99)}`]: 1 },
      `Unknown option "\\"${'x'.repeat(49)}". Options: durability, busyTimeout.`,
    ],
    [null, 'Options must be an object.'],
    [[], 'Options must be an object.'],
    ['relaxed', 'Options must be an object.'],
  ])('refuses %p', (options, message) => {
    expect(() => checkOptions(options, known)).toThrow(new TypeError(message));
  });
});

describe('unknownOptions', () => {
  it('names each unknown option by its path', () => {
    expect(unknownOptions({ rootdir: 1, x: 2 }, ['rootDir'], 'ssr.')).toEqual([
      'Unknown option "ssr.rootdir". Did you mean "ssr.rootDir"? Options: ssr.rootDir.',
      'Unknown option "ssr.x". Options: ssr.rootDir.',
    ]);
  });
});
