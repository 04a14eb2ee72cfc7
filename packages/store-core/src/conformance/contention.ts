import { turn } from './turns';

/** How many refusals as busy a rule takes before they are failures. */
const MOST_RETRIES = 1_000;

/**
 * Who writes at the same time as whom. A store may answer `STORE_BUSY` to a call while another handle
 * writes: nothing was written, and the call is made again. A handle that is alone must never get it.
 */
export class Contention {
  /** How many writes of each handle are in flight, and how many it has begun. */
  readonly #writers = new Map<object, { inFlight: number; begun: number }>();
  #retries = 0;
  /** Whether a lock is held on purpose: then busy is what the rule waits for. */
  isLocked = false;

  /** Make a call, and make it again as long as it is refused as busy for another's sake. */
  call<T>(handle: object, writes: boolean, make: (isAgain: boolean) => Promise<T>): Promise<T> {
    const before = this.#begunByOthers(handle);
    const had = this.#othersWrite(handle);
    return this.#follow(handle, writes, () => make(false)).catch(async (error: unknown) => {
      const isContended = had || this.#othersWrite(handle) || this.#begunByOthers(handle) > before;
      if (!isBusy(error) || !isContended || this.isLocked || this.#retries++ >= MOST_RETRIES) throw error;
      await turn();
      return this.call(handle, writes, () => make(true));
    });
  }

  #follow<T>(handle: object, writes: boolean, make: () => Promise<T>): Promise<T> {
    if (!writes) return make();
    const writer = this.#writers.get(handle) ?? { inFlight: 0, begun: 0 };
    this.#writers.set(handle, writer);
    writer.inFlight++;
    writer.begun++;
    const made = make();
    const settle = (): void => void writer.inFlight--;
    made.then(settle, settle);
    return made;
  }

  #othersWrite(handle: object): boolean {
    return [...this.#writers].some(([other, { inFlight }]) => other !== handle && inFlight > 0);
  }

  #begunByOthers(handle: object): number {
    let sum = 0;
    for (const [other, { begun }] of this.#writers) if (other !== handle) sum += begun;
    return sum;
  }
}

function isBusy(error: unknown): boolean {
  return (Object(error) as { code?: unknown }).code === 'STORE_BUSY';
}
