import type { TurnQueue } from './turn-queue';

/** Fire-and-forget work; only `close()` waits for it. It belongs to no turn, even if one starts it. */
export class Background {
  readonly #underWay = new Set<Promise<unknown>>();
  readonly #turns: TurnQueue;
  readonly #failed: (error: unknown) => void;

  /** @param failed gets what the work throws. */
  constructor(turns: TurnQueue, failed: (error: unknown) => void) {
    this.#turns = turns;
    this.#failed = failed;
  }

  /** Start work. What it throws is only reported. */
  run(work: () => unknown): void {
    this.add(this.#turns.outside(async () => work()).catch(this.#failed));
  }

  /** Make {@link Background.idle} wait for something that was started elsewhere. */
  add(done: Promise<unknown>): void {
    this.#underWay.add(done);
    const forget = (): unknown => this.#underWay.delete(done);
    done.then(forget, forget);
  }

  /** Resolves once nothing is under way. */
  async idle(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.allSettled(this.#underWay);
  }
}
