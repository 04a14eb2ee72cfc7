/** How a piece of work ended. */
export type Ended =
  { kind: 'done' } | { kind: 'threw'; error: unknown } | { kind: 'late' } | { kind: 'stray'; error: unknown };

/**
 * Run work that may hang, or that may let a promise be rejected or an error be thrown where nobody
 * can catch it: nothing of that ends the run.
 *
 * @param timeout in milliseconds. The timer keeps the process alive: without it, a store that waits
 *   for nothing would end the process before it is reported.
 */
export async function runBounded(work: () => Promise<void>, timeout: number): Promise<Ended> {
  const strays: unknown[] = [];
  const onStray = (error: unknown): void => void strays.push(error);
  const { promise: late, resolve } = Promise.withResolvers<Ended>();
  const timer = setTimeout(() => resolve({ kind: 'late' }), timeout);
  try {
    // Within `try`: listeners that stayed would swallow every later error of the process.
    process.on('unhandledRejection', onStray);
    process.on('uncaughtException', onStray);
    const ended = await Promise.race([late, settle(work)]);
    // Unhandled rejections are told after the microtasks of the turn.
    await new Promise((next) => setImmediate(next));
    return ended.kind === 'done' && strays.length > 0 ? { kind: 'stray', error: strays[0] } : ended;
  } finally {
    clearTimeout(timer);
    process.off('unhandledRejection', onStray);
    process.off('uncaughtException', onStray);
  }
}

async function settle(work: () => Promise<void>): Promise<Ended> {
  try {
    await work();
    return { kind: 'done' };
  } catch (error) {
    return { kind: 'threw', error };
  }
}
