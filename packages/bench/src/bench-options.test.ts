import { parseBenchOptions, UsageError } from './bench-options';

const groups = ['persist', 'load'];

describe('parseBenchOptions', () => {
  it('takes what pnpm hands on, with or without its own --', () => {
    const want = { quick: true, help: false, only: ['load', 'persist'], json: 'a.json' };
    const args = ['--quick', '--only', 'load', '--only', 'persist', '--json', 'a.json'];
    expect(parseBenchOptions(args, groups)).toEqual(want);
    expect(parseBenchOptions(['--', ...args], groups)).toEqual(want);
  });

  it.each([['--fast'], ['load'], ['--only'], ['--only', 'nothing']])('refuses %s %s', (...args) => {
    expect(() => parseBenchOptions(args.filter(Boolean), groups)).toThrow(UsageError);
  });
});
