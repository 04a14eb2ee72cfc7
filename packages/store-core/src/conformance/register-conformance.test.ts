import type { Store } from '../store';
import { registerConformance, type TestRunner } from './register-conformance';
import { TwoMethodStore } from './zoo/broken-concurrency';
import { ReferenceStore } from './zoo/reference-store';
import type { ReferenceWorld } from './zoo/reference-world';
import { zooTarget } from './zoo/zoo-target';

interface Registered {
  title: string;
  skipped: boolean;
  run(): Promise<void>;
}

/** A runner that only remembers. */
function recorder({ canSkip = true } = {}): { tests: Registered[]; groups: string[]; runner: TestRunner } {
  const tests: Registered[] = [];
  const groups: string[] = [];
  const register = (skipped: boolean) => (title: string, run: () => Promise<void>) => {
    if (run.length > 0) throw new Error('A runner would take this for a test with a callback.');
    tests.push({ title, skipped, run });
  };
  const it = Object.assign(register(false), canSkip ? { skip: register(true) } : {});
  const describe = (title: string, body: () => void) => {
    groups.push(title);
    body();
  };
  return { tests, groups, runner: { describe, it } };
}

const target = (open: (world: ReferenceWorld) => Store, more: object = {}) =>
  zooTarget({ name: 'a store', open, target: more });

describe('registerConformance', () => {
  it('registers a test for each rule, by group', async () => {
    const { tests, groups, runner } = recorder();
    registerConformance(
      target((world) => new ReferenceStore(world)),
      runner,
      { only: ['B1', 'I'] },
    );
    expect(groups).toEqual(['a store keeps the contract of a store (seed 1)', 'B Basic', 'I Identity']);
    expect(tests[0]?.title).toBe('B1 what was never written loads as null');
    for (const { run } of tests) await run();
  });

  it('has the reason in the title of what does not apply', () => {
    for (const canSkip of [true, false]) {
      const { tests, runner } = recorder({ canSkip });
      const waivers = [{ id: 'B1', reason: 'it is so' }];
      registerConformance(
        target((world) => new TwoMethodStore(world), { durable: false, waivers }),
        runner,
        { only: ['B1', 'R1', 'U1'] },
      );
      expect(tests.map(({ title, skipped }) => [title, skipped])).toEqual([
        ['B1 what was never written loads as null (waived: it is so)', canSkip],
        [
          'R1 an instance starts at rev 1, what is absent is null, and each database has its epoch (n/a: the store has no `capabilities`)',
          canSkip,
        ],
        ['U1 everything is there after closing and opening (n/a: the target is not `durable`)', canSkip],
      ]);
    }
  });

  it('skips while running where it could not know before', async () => {
    const { tests, runner } = recorder();
    registerConformance(
      target((world) => new TwoMethodStore(world), {
        createWorld: async () => Promise.reject(new Error('not now')),
      }),
      runner,
      { only: 'B1' },
    );
    await expect(tests[0]?.run()).rejects.toThrow('createWorld() failed with Error: not now');

    const late = recorder();
    const open = async (world: ReferenceWorld) => Promise.resolve(new TwoMethodStore(world));
    registerConformance(
      target((world) => new TwoMethodStore(world), { open }),
      late.runner,
      { only: 'R1' },
    );
    const skip = jest.fn();
    const [test] = late.tests;
    expect(test?.skipped).toBe(false);
    await (test?.run as unknown as (context: unknown) => Promise<void>)({ skip });
    expect(skip).toHaveBeenCalledWith('n/a: the store has no `capabilities`');
    await test?.run();
  });

  it('fails the test of a broken rule with the message for a person', async () => {
    class Undefined extends ReferenceStore {
      override async load(type: string, id: string): Promise<unknown> {
        return (await super.load(type, id)) ?? undefined;
      }
    }
    const { tests, runner } = recorder();
    registerConformance(
      target((world) => new Undefined(world)),
      runner,
      { only: 'B1', seed: 5 },
    );
    await expect(tests[0]?.run()).rejects.toThrow(
      /B1 .*load of what was never written\n.*calls[^]*got +undefined\n +want +null\n +likely [^]*--only B1 --seed 5/,
    );
  });
});
