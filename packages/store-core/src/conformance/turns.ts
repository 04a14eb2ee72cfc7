/** One turn of the event loop: timers, input and output get their chance. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** A number of microtasks: where calls are made in lockstep, what comes between them is not seen. */
export async function ticks(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await Promise.resolve();
}

/** A longer wait, for what another process or a polling watcher does. Never the proof of anything. */
export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
