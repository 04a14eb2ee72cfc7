import { Bench } from 'tinybench';
import type { Cell, CellKey, Round } from '../results.ts';

/** How long to measure. */
export interface Budget {
  readonly rounds: number;
  /** Milliseconds of measured time per round and subject. */
  readonly time: number;
  /** Runs per round at the least, however long they take. */
  readonly runs: number;
  /** Default true; `false` for what takes so long that it warms itself. */
  readonly warmUp?: boolean;
}

/** One that is measured. */
export interface Subject {
  readonly key: CellKey;
  /** Whether `run` gives a promise to wait for. */
  readonly isAsync: boolean;
  run(): unknown;
  /** Before each run, not measured. */
  prepare?(): unknown;
  /** After each run, not measured. */
  finish?(): unknown;
  readonly operations?: number | undefined;
}

/**
 * Measure all subjects in interleaved rounds, so that a machine that gets slower does so for all of
 * them. The order is turned around every other round: whoever comes after a writer that leaves a
 * busy disk is not always the same. A round begins with a
 * warm-up.
 */
export async function measure(
  subjects: readonly Subject[],
  budget: Budget,
  onRound: (subject: Subject) => void,
): Promise<Cell[]> {
  const rounds = new Map<Subject, Round[]>(subjects.map((subject) => [subject, []]));
  for (let round = 0; round < budget.rounds; round++) {
    // Not in between: what V8 has learned of the objects goes with them.
    if (round === 0) globalThis.gc?.();
    for (const subject of round % 2 === 0 ? subjects : subjects.toReversed()) {
      onRound(subject);
      rounds.get(subject)?.push(await measureRound(subject, budget));
    }
  }
  return subjects.map((subject) => ({
    ...subject.key,
    rounds: rounds.get(subject) ?? [],
    operations: subject.operations,
  }));
}

async function measureRound(subject: Subject, budget: Budget): Promise<Round> {
  // What the one before left behind is not to be collected in this one's time.
  globalThis.gc?.({ type: 'minor' });
  const bench = new Bench({
    time: budget.time,
    iterations: budget.runs,
    warmup: budget.warmUp ?? true,
    warmupTime: budget.time / 2,
    warmupIterations: 1,
    throws: true,
  });
  bench.add('subject', () => subject.run(), {
    async: subject.isAsync,
    ...(subject.prepare && { beforeEach: async () => void (await subject.prepare?.()) }),
    ...(subject.finish && { afterEach: async () => void (await subject.finish?.()) }),
  });
  const [task] = await bench.run();
  const result = task?.result;
  if (result?.state !== 'completed') {
    throw new Error(`${JSON.stringify(subject.key)} was not measured: ${result?.state}`);
  }
  const { p50, mean, min, samplesCount } = result.latency;
  return { median: p50, mean, best: min, samples: samplesCount };
}
