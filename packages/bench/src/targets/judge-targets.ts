import type { Cell, CellKey, Growth } from '../results.ts';
import type { Setup } from '../setup.ts';
import { CellFinder, judge } from './cell-finder.ts';
import type { Verdict } from './verdict.ts';

/** All targets that the groups that ran have something to say of. */
export function judgeTargets(cells: readonly Cell[], growth: readonly Growth[]): Verdict[] {
  const finder = new CellFinder(cells);
  return [
    ...persistVerdicts(finder),
    ...peerVerdicts(finder),
    ...loadVerdicts(finder),
    ...mappedVerdicts(finder),
    ...parallelVerdicts(finder),
    ...engineVerdicts(finder),
    ...growthVerdicts(growth),
  ];
}

const bare = 'bare better-sqlite3';

function persistKey(subject: string, setup: Setup, items: number): CellKey {
  return { group: 'persist', work: 'toggle', subject, setup, items };
}

function persistVerdicts(finder: CellFinder): Verdict[] {
  const floors = {
    fsync: [[1, 0.8], [100, 0.8], [1_000, 0.8], [10_000, 0.8]],
    relaxed: [[1, 0.45], [100, 0.55], [1_000, 0.7]],
  } as const; // prettier-ignore
  return (['fsync', 'relaxed'] as const).flatMap((setup) =>
    floors[setup].flatMap(([items, atLeast]) =>
      finder.throughput(
        'SqliteStore',
        `persist, ${setup}, ${sizeOf(items)}: throughput against the bare driver`,
        persistKey('SqliteStore', setup, items),
        persistKey(bare, setup, items),
        { atLeast },
      ),
    ),
  );
}

function peerVerdicts(finder: CellFinder): Verdict[] {
  const floors = [[1, 3], [100, 3], [1_000, 1.2], [10_000, 1.2]] as const; // prettier-ignore
  return ['Keyv', 'unstorage'].flatMap((peer) =>
    floors.flatMap(([items, atLeast]) =>
      finder.throughput(
        'SqliteStore',
        `persist, ${sizeOf(items)}: throughput against ${peer}, each as its README sets it up`,
        persistKey('SqliteStore', 'readme', items),
        persistKey(peer, 'readme', items),
        { atLeast },
      ),
    ),
  );
}

function loadVerdicts(finder: CellFinder): Verdict[] {
  const key = (subject: string, items: number): CellKey => ({
    group: 'load',
    work: 'repeated',
    subject,
    setup: 'fsync',
    items,
  });
  return [1, 100, 1_000, 10_000].flatMap((items) =>
    finder.throughput(
      'SqliteStore',
      `load, ${sizeOf(items)}: throughput against the bare driver`,
      key('SqliteStore', items),
      key(bare, items),
      { atLeast: 0.85 },
    ),
  );
}

function mappedVerdicts(finder: CellFinder): Verdict[] {
  const key = (subject: string, setup: Setup, items: number, work = 'toggle'): CellKey => ({
    group: 'mapped',
    work,
    subject,
    setup,
    items,
  });
  const ceilings = [['fsync', 1_000, 4], ['fsync', 10_000, 20], ['relaxed', 1_000, 8], ['relaxed', 10_000, 60]] as const; // prettier-ignore
  const verdicts = ['same objects', 'deep copies'].flatMap((caller) => {
    const store = `SqliteMappedStore, ${caller}`;
    return [
      ...ceilings.flatMap(([setup, items, atMost]) =>
        finder.cost(
          'SqliteMappedStore',
          `toggle, ${setup}, ${sizeOf(items)}, ${caller}: cost in bare one-row transactions`,
          key(store, setup, items),
          key('bare UPDATE of one row', setup, items),
          { atMost },
        ),
      ),
      ...(['fsync', 'relaxed'] as const).flatMap((setup) => [
        ...finder.faster(
          'SqliteMappedStore',
          `toggle, ${setup}, 1,000 items, ${caller}: times as fast as delete all, insert all in one transaction`,
          key(store, setup, 1_000),
          key('delete all, insert all, one transaction', setup, 1_000),
          { atLeast: 10 },
        ),
        ...finder.faster(
          'SqliteMappedStore',
          `toggle, ${setup}, 1,000 items, ${caller}: times as fast as the same in autocommit`,
          key(store, setup, 1_000),
          key('delete all, insert all, autocommit', setup, 1_000),
          { atLeast: 100 },
        ),
      ]),
    ];
  });
  const loads = ['known rows', 'changed elsewhere'].flatMap((which) =>
    finder.cost(
      'SqliteMappedStore',
      `load, 1,000 items, ${which}: cost in bare SELECT … .all()`,
      key(`SqliteMappedStore, ${which}`, 'fsync', 1_000, 'load'),
      key('bare SELECT … .all()', 'fsync', 1_000, 'load'),
      { atMost: 2.5 },
    ),
  );
  return [...verdicts, ...loads];
}

function parallelVerdicts(finder: CellFinder): Verdict[] {
  const key = (subject: string, setup: Setup, items: number, work = '64 in parallel'): CellKey => ({
    group: 'parallel',
    work,
    subject,
    setup,
    items,
  });
  return ['SqliteStore', 'SqliteMappedStore'].flatMap((store) =>
    [1, 100].flatMap((items) => [
      ...finder.throughput(
        'Durable',
        `${store}, 64 in parallel, ${sizeOf(items)}: throughput against the store, one commit per write, synchronous=FULL`,
        key(store, 'fsync', items),
        key(store, 'fsync', items, '64 one by one'),
        { atLeast: 8 },
      ),
      ...finder.throughput(
        'Durable',
        `${store}, 64 in parallel, ${sizeOf(items)}: throughput against the bare driver, one commit per write, synchronous=FULL`,
        key(store, 'fsync', items),
        key(bare, 'fsync', items),
        { atLeast: 8 },
      ),
      ...finder.cost(
        'Durable',
        `${store}, 64 in parallel, ${sizeOf(items)}: cost against its own 'relaxed'`,
        key(store, 'fsync', items),
        key(store, 'relaxed', items),
        { atMost: 1.5 },
      ),
    ]),
  );
}

function engineVerdicts(finder: CellFinder): Verdict[] {
  const ceilings = [['SqliteMappedStore', 12], ['SqliteMappedStore, frozen', 5]] as const; // prettier-ignore
  return ceilings.flatMap(([subject, atMost]) =>
    ['createProcessor', 'WebSocket'].flatMap((work) =>
      finder.time(
        'Engine',
        `${subject}, 10,000 items, ${work}: toggle to durable to patch`,
        { group: 'engine', work, subject, setup: 'readme', items: 10_000 },
        { atMost },
      ),
    ),
  );
}

function growthVerdicts(growth: readonly Growth[]): Verdict[] {
  return growth
    .filter(({ work }) => work === 'toggle')
    .map(({ subject, cost, exponent }) => {
      const isFlat = subject === 'SqliteMappedStore' && cost !== 'processor time';
      return judge(
        'Growth',
        `${subject}, ${cost} of a toggle: exponent`,
        { median: exponent, low: exponent, high: exponent, best: exponent },
        { atMost: isFlat ? 0.05 : 1.05 },
        (value) => value.toFixed(2),
      );
    });
}

function sizeOf(items: number): string {
  return items === 1 ? '1 item' : `${items.toLocaleString('en')} items`;
}
