import { join } from 'node:path';
import { NodeProcess } from '@nasc/test-support';
import type { EnduranceSample } from './endurance-child';

const CHILD = join(__dirname, 'endurance-child.ts');

/** Commit so many times to a new database in a process of its own; what it took up, ten times. */
export async function runEndurance(location: string, commits: number): Promise<EnduranceSample[]> {
  const argv = ['--expose-gc', '--disable-warning=ExperimentalWarning', CHILD, location, String(commits)];
  const { code, stdout, stderr } = await NodeProcess.start(argv).ended;
  if (code !== 0) throw new Error(`The process ended with ${String(code)}: ${stderr}`);
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as EnduranceSample);
}

/** What is not flat or not bounded; nothing, when all is well. */
export function growth(samples: readonly EnduranceSample[]): string[] {
  const [first, second] = [samples.slice(2, 5), samples.slice(7, 10)];
  const most = (part: readonly EnduranceSample[], key: keyof EnduranceSample): number =>
    Math.max(...part.map((sample) => sample[key]));
  const wrong: string[] = [];
  const expect = (holds: boolean, key: keyof EnduranceSample): void => {
    if (!holds) wrong.push(`${key}: ${samples.map((sample) => sample[key]).join(' ')}`);
  };
  expect(most(second, 'heap') < most(first, 'heap') * 1.2 + 1_000_000, 'heap');
  expect(most(second, 'descriptors') <= most(first, 'descriptors'), 'descriptors');
  // Checkpointed every 1,000 pages, of 4 KiB, and whatever a batch adds.
  expect(most(samples, 'wal') < 32 * 2 ** 20, 'wal');
  // Half of the commits have an event id, a quarter removes: no more than what comes in three retentions.
  const most3 = 3 * (samples[0]?.retained ?? 0);
  expect(most(samples, 'events') <= most3 / 2, 'events');
  expect(most(samples, 'tombstones') <= most3 / 4, 'tombstones');
  return wrong;
}
