/** What {@link stopClock} returns. */
export interface StoppedClock {
  /** Let so many milliseconds pass. */
  advance(milliseconds: number): void;
}

/**
 * From now on `performance.now()` and `Date.now()` move only when the test says so, until
 * `jest.restoreAllMocks()`; and the clocks that are given, for example the `timers` of store-core. Timers go on: what waits until a time limit is over waits for the test, and what must
 * be done within one always is.
 */
export function stopClock(...others: { now(): number }[]): StoppedClock {
  let passed = 0;
  for (const clock of [performance, Date, ...others]) {
    const start = clock.now();
    jest.spyOn(clock, 'now').mockImplementation(() => start + passed);
  }
  return { advance: (milliseconds) => void (passed += milliseconds) };
}
