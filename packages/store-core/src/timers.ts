type Globals = Pick<
  typeof globalThis,
  'setImmediate' | 'setTimeout' | 'setInterval' | 'clearTimeout' | 'clearInterval'
>;

/** What Node has built in, where this is Node: fake timers replace the globals, in Jest from the start. */
function builtin<T>(name: string): T | undefined {
  return globalThis.process?.getBuiltinModule?.(name) as T | undefined;
}

const { performance } = builtin<Pick<typeof globalThis, 'performance'>>('node:perf_hooks') ?? globalThis;
const monotonic = performance.now.bind(performance);
const { setImmediate, setTimeout, setInterval, clearTimeout, clearInterval } =
  builtin<Globals>('node:timers') ?? globalThis;
const started = Date.now() - monotonic();

/**
 * Timers and clocks taken when the module was loaded: a test that installs fake ones (Jest, Vitest, sinon,
 * `node:test`) must not stop a query that waits for a turn of the event loop.
 */
export const timers = {
  setImmediate,
  setTimeout,
  setInterval,
  clearTimeout,
  clearInterval,
  /** Milliseconds since an arbitrary moment; never goes back. */
  now: monotonic,
  /** Milliseconds since 1970 by the clock as it was at the start: it goes on evenly when somebody sets the clock. */
  steadyTime: (): number => started + monotonic(),
  /** A turn of the event loop. */
  turn: (): Promise<void> => new Promise((resolve) => setImmediate(resolve)),
  /** A pause of some milliseconds. */
  pause: (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds)),
};
