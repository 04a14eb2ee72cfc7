import { ConformanceFailure, type FailureDetails } from './failure';

/** One turn of the event loop: timers, input and output get their chance. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** A longer wait, for what another process or a polling watcher does. Never the proof of anything. */
export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/**
 * Wait until something is so, looking once a turn.
 *
 * @throws ConformanceFailure when it is not so within `within` milliseconds.
 */
export async function eventually(
  what: string,
  isSo: () => boolean,
  { within = 3_000, details }: { within?: number; details?: () => FailureDetails } = {},
): Promise<void> {
  const start = performance.now();
  while (!isSo()) {
    if (performance.now() - start > within) {
      throw new ConformanceFailure(`${what}, within ${within} ms`, details?.() ?? {});
    }
    if (performance.now() - start < 5) await turn();
    else await pause(2);
  }
}
