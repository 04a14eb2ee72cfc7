import { join } from 'node:path';
import { NodeProcess } from '@nasc/test-support';

/** What {@link runCrashes} is to kill, and how often. */
export interface CrashOptions {
  /** The path of a module whose default export is a `CrashTarget` (see crash-child.ts). */
  readonly target: string;
  /** Where the target keeps its data; nothing may be there yet. */
  readonly location: string;
  readonly kills: number;
  readonly seed: number;
}

/** What was seen. */
export interface CrashTotals {
  kills: number;
  /** Of them, while the process was opening and recovering. */
  killedOpening: number;
  /** Commits that were acknowledged before the kill: all of them were found. */
  acknowledged: number;
  /** Commits that were found though the kill came before their acknowledgement. */
  inFlight: number;
  /** What should not have been. */
  violations: string[];
}

const CHILD = join(__dirname, 'crash-child.ts');
/** How many acknowledgements a process gives at the most before it is killed. */
const MOST_ACKNOWLEDGED = 120;

/**
 * Kill a process that writes, again and again, at random moments; each next one checks what it finds:
 * all that was acknowledged, at most one commit of each lane more, every commit whole, every rev and
 * event id right, and the next commit works.
 */
export async function runCrashes({ target, location, kills, seed }: CrashOptions): Promise<CrashTotals> {
  const totals: CrashTotals = { kills: 0, killedOpening: 0, acknowledged: 0, inFlight: 0, violations: [] };
  const known: Record<string, number> = {};
  const random = randomNumbers(seed);
  while (totals.kills < kills && totals.violations.length === 0) {
    await runChild([target, location, JSON.stringify(known)], known, totals, random);
  }
  // The last one is not killed: it writes a little more, and closes.
  if (totals.violations.length === 0) {
    await runChild([target, location, JSON.stringify(known), '3'], known, totals, undefined);
  }
  return totals;
}

async function runChild(
  argv: string[],
  known: Record<string, number>,
  totals: CrashTotals,
  random: (() => number) | undefined,
): Promise<void> {
  // One in ten is killed as soon as it opens: while it recovers from the last kill.
  const when = random && (random() < 0.1 ? 0 : 1 + Math.floor(random() * MOST_ACKNOWLEDGED));
  let acknowledged = 0;
  let checked = false;
  const onLine = (line: string): void => {
    const [word = '', ...rest] = line.split(' ');
    if (word === 'violation') totals.violations.push(rest.join(' '));
    if (word === 'checked') {
      checked = true;
      for (const [lane, n] of Object.entries(JSON.parse(rest.join(' ')) as Record<string, number>)) {
        totals.inFlight += Math.max(0, n - (known[lane] ?? 0));
        known[lane] = n;
      }
    }
    if (word === 'ack') {
      acknowledged++;
      known[rest[0] ?? ''] = Number(rest[1]);
    }
    if (when !== undefined && (word === 'opening' ? when === 0 : acknowledged >= when)) {
      spin((random?.() ?? 0) * 3);
      void child.kill();
    }
  };
  const child = NodeProcess.start(['--disable-warning=ExperimentalWarning', CHILD, ...argv], { onLine });
  const { code, signal, stderr } = await child.ended;
  const how = signal ?? String(code);
  totals.acknowledged += acknowledged;
  if (when !== undefined && how === 'SIGKILL') totals.kills++;
  if (how === 'SIGKILL' && !checked) totals.killedOpening++;
  if (how !== (when === undefined ? '0' : 'SIGKILL'))
    totals.violations.push(`the process ended with ${how}: ${stderr}`);
}

/** Let a random part of the child's next commit pass. */
function spin(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
