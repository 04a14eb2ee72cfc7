import { describeError } from './describe-error';
import { everyNow } from './run-bounded';

/** Do something that may fail or never settle. @returns what went wrong. */
export async function attempt(what: string, patience: number, work: () => unknown): Promise<string[]> {
  const { promise: late, resolve } = Promise.withResolvers<string>();
  let waited = 0;
  const stop = everyNow((elapsed) => {
    waited += elapsed;
    if (waited >= patience) resolve(`${what} did not settle within ${patience} ms`);
  });
  try {
    const flaw = await Promise.race([late, Promise.resolve(work()).then(() => undefined)]);
    return typeof flaw === 'string' ? [flaw] : [];
  } catch (error) {
    return [`${what} failed: ${describeError(error)}`];
  } finally {
    stop();
  }
}
