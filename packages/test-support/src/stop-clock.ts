/** What {@link stopClock} returns. */
export interface StoppedClock {
  /** Let so many milliseconds pass. */
  advance(milliseconds: number): void;
}

/**
 * From now on `performance.now()` moves only when the test says so, until `jest.restoreAllMocks()`. Timers go
 * on: what waits until a time limit is over waits for the test, and what must be done within one always is.
 */
export function stopClock(): StoppedClock {
  let now = performance.now();
  jest.spyOn(performance, 'now').mockImplementation(() => now);
  return { advance: (milliseconds) => void (now += milliseconds) };
}
