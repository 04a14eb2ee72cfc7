import type { CommitResult, Hint, Store } from '../store';
import { allRules } from './all-rules';
import { defineTarget } from './define-target';
import { formatReport } from './format-report';
import { runConformance } from './run-conformance';
import { HangingStore, TwoMethodStore } from './zoo/broken-concurrency';
import { ReferenceStore, type ZooWrite } from './zoo/reference-store';
import type { ReferenceWorld } from './zoo/reference-world';
import { referenceTarget, zooTarget } from './zoo/zoo-target';

const target = (open: (world: ReferenceWorld) => Store, more: object = {}) =>
  zooTarget({ name: 'a store', open, target: more });

describe('runConformance', () => {
  it('reports every rule once, in order, with its level', async () => {
    const seen: string[] = [];
    const report = await runConformance(referenceTarget, { onResult: ({ id }) => seen.push(id) });
    expect(seen).toEqual(allRules.map(({ id }) => id));
    expect(report.results.map(({ id }) => id)).toEqual(seen);
    expect(report.levels).toMatchObject({
      Core: 'pass',
      Versioned: 'pass',
      Transactional: 'pass',
      Queryable: 'pass',
      // The target has no `module`: nothing was tried in another process.
      Durable: 'not run',
    });
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  });

  it('lets a store of two methods reach Core, and says what was not tested', async () => {
    const report = await runConformance(target((world) => new TwoMethodStore(world), { durable: false }));
    if (report.totals.fail > 0) throw new Error(formatReport(report));
    expect(report.levels).toMatchObject({
      Core: 'pass',
      Versioned: 'n/a',
      Transactional: 'n/a',
      Queryable: 'n/a',
      Durable: 'n/a',
    });
    expect(report.capabilities).toBeNull();
    expect(formatReport(report)).toContain('the store has no `capabilities`');
  });

  it('reports a store that hangs, once in full', async () => {
    const report = await runConformance(
      target((world) => new HangingStore(world)),
      { only: ['B', 'V'], timeout: 100 },
    );
    const [first, second, third] = report.results;
    expect(first?.message).toContain('did not settle within 100 ms');
    expect(first?.message).toContain('pending  a.load("ConformanceDoc", "never")');
    expect(second).toMatchObject({ id: 'B2', outcome: 'fail' });
    expect(third).toMatchObject({ id: 'B3', outcome: 'fail', blockedBy: 'B2' });
    expect(formatReport(report)).toMatch(/^FAIL B3 B4 .* \(blocked: B2 fails\)$/m);
  });

  it('folds the timeouts of one kind of call, and names the call', async () => {
    class Hanging extends ReferenceStore {
      protected override async write(writes: readonly ZooWrite[], eventId?: string): Promise<CommitResult> {
        if (writes.length > 1) await new Promise(() => undefined);
        return super.write(writes, eventId);
      }
      override async watch(listener: (hint: Hint) => void): Promise<() => Promise<void>> {
        await super.watch(listener);
        return () => new Promise(() => undefined);
      }
    }
    const report = await runConformance(
      target((world) => new Hanging(world)),
      { only: ['M1', 'M6', 'E8'], timeout: 300 },
    );
    const text = formatReport(report);
    expect(text).toMatch(/^FAIL M1 [^]*pending {2}a\.commit\(\[/m);
    expect(text).toMatch(/^FAIL E8 [^]*pending {2}a: end a subscription/m);
    expect(text).toMatch(/^FAIL .*M6.* \(blocked: M1 fails\)$/m);
  });

  it('reports a store that throws where it should reject', async () => {
    const throwing = target(() => ({
      load: () => {
        throw new Error('thrown by load');
      },
      persist: () => Promise.resolve(),
    }));
    const report = await runConformance(throwing, { only: 'B' });
    expect(report.results.find(({ id }) => id === 'B1')?.message).toContain('thrown by load');
    expect(report.results.find(({ id }) => id === 'B5')?.message).toContain('must not throw');
  });

  it('folds what the failure of B2 explains', async () => {
    class Forgetful extends ReferenceStore {
      override async persist(): Promise<void> {}
    }
    const report = await runConformance(
      target((world) => new Forgetful(world)),
      { only: ['B', 'V'] },
    );
    const unexplained = report.results.filter(
      ({ outcome, blockedBy }) => outcome === 'fail' && blockedBy === undefined,
    );
    // What is not refused is not explained by what is not kept.
    expect(unexplained.map(({ id }) => id)).toEqual(['B2', 'B7', 'V6', 'V8', 'V9', 'V10', 'V11', 'V21']);
  });

  it('fails a declared capability whose method is missing', async () => {
    const without = (name: string) =>
      target((world) => Object.assign(new ReferenceStore(world), { [name]: undefined }));
    const watch = await runConformance(without('watch'), { only: 'E6' });
    expect(watch.results[0]).toMatchObject({
      outcome: 'fail',
      message: expect.stringContaining('has no method `watch`') as string,
    });
    const commit = await runConformance(without('commit'), { only: 'R1' });
    expect(commit.results[0]?.outcome).toBe('fail');
    const list = await runConformance(without('list'), { only: 'E3' });
    expect(list.results[0]).toMatchObject({ outcome: 'n/a', message: 'the store has no method `list`' });
  });

  it('fails capabilities that are none of the known ones', async () => {
    const odd = target((world) =>
      Object.assign(new ReferenceStore(world), { capabilities: { atomic: 'yes' } }),
    );
    const report = await runConformance(odd, { only: 'R1' });
    expect(report.results[0]?.message).toContain('`capabilities.atomic` is "yes"');
  });

  it('names the reason of each n/a', async () => {
    const bare = defineTarget({
      name: 'bare',
      createWorld: () => ({}),
      open: () => ({ load: () => Promise.resolve(null), persist: () => Promise.resolve() }),
    });
    const report = await runConformance(bare, { only: ['U1', 'R1', 'H1'] });
    expect(report.results.map(({ outcome, message }) => [outcome, message])).toEqual([
      ['n/a', 'the store has no `capabilities`'],
      ['n/a', 'the target is not `durable`'],
      ['n/a', 'the store has no method `close`'],
    ]);
  });

  it('shows no level of which rules between processes did not run, and says what to add', async () => {
    const report = await runConformance(referenceTarget, { only: ['C10', 'U', 'F', 'H'] });
    const held = report.results.filter(({ lacks }) => lacks === 'module').map(({ id }) => id);
    expect(held).toEqual(['C10', 'U2', 'U3', 'U4', 'U5', 'U7', 'H2']);
    expect(formatReport(report)).toContain(
      `Durable is not shown: ${held.join(' ')} did not run. Add \`module: import.meta.url\` to the target`,
    );
  });

  it('holds back no rule of what the store does not offer', async () => {
    const { results } = await runConformance(
      target((world) => new TwoMethodStore(world)),
      { only: ['U7', 'H2'] },
    );
    expect(results.map(({ outcome, message, lacks }) => [outcome, message, lacks])).toEqual([
      ['n/a', 'the store has no `capabilities`', undefined],
      ['n/a', 'the store has no method `close`', undefined],
    ]);
  });

  it('shows Queryable only where hints between processes were tested, if `watch` says that there are', async () => {
    const hostWide = target((world) => {
      const store = new ReferenceStore(world);
      return Object.assign(store, { capabilities: { ...store.capabilities, watch: 'host' } });
    });
    const report = await runConformance(hostWide, { only: 'E' });
    const hints = report.results.find(({ id }) => id === 'E9');
    expect(hints).toMatchObject({ outcome: 'pass', lacks: 'module' });
    expect(formatReport(report)).toContain('Queryable is not shown: E9 did not run');
  });

  it('voids the level of a waived rule, and runs it not', async () => {
    const waivers = [{ id: 'R7', reason: 'equal content is skipped', issue: 'https://example.org/7' }];
    const report = await runConformance(target((world) => new ReferenceStore(world), { waivers }));
    expect(report.results.find(({ id }) => id === 'R7')).toMatchObject({
      outcome: 'waived',
      message: 'equal content is skipped (https://example.org/7)',
    });
    expect(report.levels).toMatchObject({
      Core: 'pass',
      Versioned: 'waived',
      Transactional: 'waived',
      Queryable: 'pass',
    });
  });

  it('finds the same smallest input again with the seed of the report', async () => {
    class Seven extends ReferenceStore {
      protected override encode(text: string): string {
        return JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(text) as object).slice(0, 5)));
      }
    }
    const run = (seed: number) =>
      runConformance(
        target((world) => new Seven(world)),
        { only: 'V22', seed },
      );
    const [first, again, other] = [await run(7), await run(7), await run(8)];
    expect(first.results[0]?.message).toContain('replay   --only V22 --seed 7');
    expect(first.results[0]?.message).toMatch(/input {4}\[/);
    expect(again.results[0]?.message).toBe(first.results[0]?.message);
    expect(other.results[0]?.outcome).toBe('fail');
  });

  it('runs groups and rules by name, and refuses unknown ones', async () => {
    const ids = async (only: string | string[]) =>
      (await runConformance(referenceTarget, { only })).results.map(({ id }) => id);
    expect(await ids('N')).toEqual(['N1', 'N2', 'N3', 'N4', 'N5', 'N6', 'N7', 'N8']);
    expect(await ids('C6, B1')).toEqual(['B1', 'C6']);
    await expect(ids(['Z9'])).rejects.toThrow(TypeError);
  });

  it('closes handles and destroys worlds, also after a failure', async () => {
    const counts = { worlds: 0, handles: 0 };
    const counting = defineTarget({
      name: 'counting',
      createWorld: () => ({ n: counts.worlds++, destroy: () => counts.worlds-- }),
      open: () => {
        counts.handles++;
        return { load: () => Promise.resolve(undefined), persist: () => Promise.resolve() };
      },
      close: () => counts.handles--,
    });
    expect((await runConformance(counting, { only: ['B', 'H'] })).totals.fail).toBeGreaterThan(5);
    expect(counts.worlds).toBe(0);
  });

  it('rejects when the target itself cannot be used', async () => {
    const broken = defineTarget({
      name: 'broken',
      createWorld: () => ({}),
      open: (): Store => {
        throw new Error('no such driver');
      },
    });
    await expect(runConformance(broken)).rejects.toThrow('open(world) failed with Error: no such driver');
  });

  it('waits for worlds and stores that are made asynchronously', async () => {
    const slow = zooTarget({
      name: 'slow',
      open: (world) => new ReferenceStore(world),
      target: { open: async (world: ReferenceWorld) => Promise.resolve(new ReferenceStore(world)) },
    });
    expect((await runConformance(slow, { only: 'B' })).totals.fail).toBe(0);
  });
});

describe('defineTarget', () => {
  it('tells what is missing', () => {
    const good = { name: 'x', createWorld: () => ({}), open: () => new TwoMethodStore({} as ReferenceWorld) };
    expect(() => defineTarget(undefined as never)).toThrow('defineTarget takes an object');
    expect(() => defineTarget({ ...good, name: '' })).toThrow('needs a `name`');
    expect(() => defineTarget({ ...good, open: undefined as never })).toThrow('a function `open`');
    expect(() => defineTarget({ ...good, waivers: [{ id: 'V', reason: 'x' }] })).toThrow('names one rule');
    expect(() => defineTarget({ ...good, waivers: [{ id: 'V1', reason: '' }] })).toThrow('needs a `reason`');
  });
});
