/** How a piece of work ended; `Why` is what the look at it has told. */
export type Ended<Why> =
  | { kind: 'done' }
  | { kind: 'threw'; error: unknown }
  | { kind: 'late'; why: Why }
  | { kind: 'stray'; error: unknown };

/** How often a look is taken at work that goes on, in milliseconds. */
const INTERVAL = 20;
/** The most that one look counts: while this process was held up, the store could not answer. */
const MOST = 100;

/**
 * Run work that may hang, or that may let a promise be rejected or an error be thrown where nobody
 * can catch it: nothing of that ends the run.
 *
 * @param look told again and again how many milliseconds have passed; answers with a reason to give the
 *   work up. The timer keeps the process alive: without it, a store that waits for nothing would end the
 *   process before it is reported.
 */
export async function runBounded<Why>(
  work: () => Promise<void>,
  look: (elapsed: number) => Why | undefined,
): Promise<Ended<Why>> {
  const strays: unknown[] = [];
  const onStray = (error: unknown): void => void strays.push(error);
  const { promise: late, resolve } = Promise.withResolvers<Ended<Why>>();
  const stop = everyNow((elapsed) => {
    const why = look(elapsed);
    if (why !== undefined) resolve({ kind: 'late', why });
  });
  try {
    // Within `try`: listeners that stayed would swallow every later error of the process.
    process.on('unhandledRejection', onStray);
    process.on('uncaughtException', onStray);
    const ended = await Promise.race([late, settle(work)]);
    // Unhandled rejections are told after the microtasks of the turn.
    await new Promise((next) => setImmediate(next));
    return ended.kind === 'done' && strays.length > 0 ? { kind: 'stray', error: strays[0] } : ended;
  } finally {
    stop();
    process.off('unhandledRejection', onStray);
    process.off('uncaughtException', onStray);
  }
}

/**
 * Take a look every now and then. Time in which this process was held up counts as one look only.
 *
 * @returns a function that ends it.
 */
export function everyNow(look: (elapsed: number) => void, interval = INTERVAL): () => void {
  let last = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    const elapsed = Math.min(now - last, Math.max(MOST, 2 * interval));
    last = now;
    look(elapsed);
  }, interval);
  return () => clearInterval(timer);
}

async function settle(
  work: () => Promise<void>,
): Promise<{ kind: 'done' } | { kind: 'threw'; error: unknown }> {
  try {
    await work();
    return { kind: 'done' };
  } catch (error) {
    return { kind: 'threw', error };
  }
}
