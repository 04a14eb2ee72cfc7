import type { TurnQueue } from './turn-queue';

/** Work that nobody waits for, save who closes; it belongs to no turn, though it is started in one. */
export class Background {
  readonly #underWay = new Set<Promise<unknown>>();
  readonly #turns: TurnQueue;
  readonly #failed: (error: unknown) => void;

  /** @param failed gets what the work throws. */
  constructor(turns: TurnQueue, failed: (error: unknown) => void) {
    this.#turns = turns;
    this.#failed = failed;
  }

  /** Start work; what it throws harms nobody. */
  run(work: () => unknown): void {
    this.add(this.#turns.outside(async () => work()).catch(this.#failed));
  }

  /** Have {@link Background.idle} wait for something that was started elsewhere. */
  add(done: Promise<unknown>): void {
    this.#underWay.add(done);
    const forget = (): unknown => this.#underWay.delete(done);
    done.then(forget, forget);
  }

  /** Resolves when nothing is under way any more. */
  async idle(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.allSettled(this.#underWay);
  }
}
