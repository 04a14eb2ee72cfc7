import type { CommitResult } from '../store';
import { runConformance } from './run-conformance';
import type { Rule } from './rule';
import { Session } from './session';
import { ReferenceStore } from './zoo/reference-store';
import { zooTarget } from './zoo/zoo-target';

const session = (Store: new (...args: ConstructorParameters<typeof ReferenceStore>) => ReferenceStore) =>
  new Session(zooTarget({ name: 'a store', open: (world) => new Store(world) }), { seed: 1, timeout: 100 });

const endless = (id: string): Rule => ({
  id,
  title: 'asks again and again',
  async check(t) {
    const store = await t.open();
    for (;;) await store.load('ConformanceDoc', 'x');
  },
});

class Turning extends ReferenceStore {
  protected override latency(): Promise<void> {
    return new Promise((resolve) => setImmediate(resolve));
  }
}

class Hanging extends ReferenceStore {
  override commit(): Promise<CommitResult> {
    return new Promise(() => undefined);
  }
}

describe('Session', () => {
  it('comes to no verdict on a rule whose calls settle, and says what time it needs', async () => {
    const { outcome, message } = await session(Turning).run(endless('B1'));
    expect(outcome).toBe('inconclusive');
    expect(message).toMatch(
      /[\d,]+ calls of the rule settled in .*`--timeout <ms>`.*`timeout`.*Try --timeout \d+/,
    );
  });

  it('waits in full for a few calls only where every commit hangs', async () => {
    const report = await runConformance(zooTarget({ name: 'hanging', open: (world) => new Hanging(world) }), {
      only: ['A', 'I', 'K'],
      timeout: 100,
    });
    const inFull = report.results.filter(({ message }) => message?.includes('did not settle within'));
    expect(inFull.length).toBeLessThan(12);
    expect(inFull[0]?.message).toContain('--timeout');
    expect(report.results.some(({ message }) => message?.includes('not run to its end'))).toBe(true);
  });

  it('leaves no rejection behind after the verdict', async () => {
    const strays: unknown[] = [];
    const note = (error: unknown): void => void strays.push(error);
    process.on('unhandledRejection', note);
    const { promise, reject } = Promise.withResolvers<void>();
    class Late extends ReferenceStore {
      override async load(type: string, id: string): Promise<unknown> {
        if (id === 'late') await promise;
        return super.load(type, id);
      }
    }
    const rule: Rule = {
      id: 'B1',
      title: 'leaves a call behind',
      async check(t) {
        const store = await t.open();
        void (async () => store.load('ConformanceDoc', 'late'))();
        await store.load('ConformanceDoc', 'x');
      },
    };
    await session(Late).run(rule);
    reject(new Error('after the verdict'));
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', note);
    expect(strays).toEqual([]);
  });
});
