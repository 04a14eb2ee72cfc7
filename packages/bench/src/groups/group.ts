import type { Contestant, Kept } from '../contestants/contestant.ts';
import { measure, type Budget, type Subject } from '../harness/measure.ts';
import type { Progress } from '../harness/progress.ts';
import type { TempFolders } from '../harness/temp-folders.ts';
import type { Cell, CellKey, Count, Growth } from '../results.ts';
import type { Setup } from '../setup.ts';

/** A part of the benchmark that can be run by itself. */
export interface Group {
  readonly name: string;
  readonly title: string;
  run(context: GroupContext): Promise<void>;
}

/** What a group measures with, and where its figures go. */
export class GroupContext {
  readonly cells: Cell[] = [];
  readonly counts: Count[] = [];
  readonly growth: Growth[] = [];
  readonly #closing: (() => unknown)[] = [];
  readonly #progress: Progress;
  readonly #folders: TempFolders;
  readonly quick: boolean;
  readonly sizes = [1, 100, 1_000, 10_000];
  readonly budget: Budget;

  constructor(quick: boolean, progress: Progress, folders: TempFolders) {
    this.quick = quick;
    this.#progress = progress;
    this.#folders = folders;
    this.budget = quick ? { rounds: 3, time: 8, runs: 1 } : { rounds: 7, time: 80, runs: 3 };
  }

  /** A folder that is gone after {@link GroupContext.closeAll}. */
  folder(): string {
    const folder = this.#folders.make();
    this.#closing.push(() => this.#folders.remove(folder));
    return folder;
  }

  /** Closed by {@link GroupContext.closeAll}, the newest first. */
  closeLater(close: () => unknown): void {
    this.#closing.push(close);
  }

  async closeAll(): Promise<void> {
    for (const close of this.#closing.splice(0).reverse()) await close();
  }

  /** Open for the time of a part of a group. */
  async open(contestant: Contestant, setup: Setup): Promise<Kept> {
    const kept = await contestant.open(this.folder(), setup);
    this.closeLater(() => kept.close());
    return kept;
  }

  begin({ name, title }: Group): void {
    this.#progress.group(name, title);
  }

  step(text: string): void {
    this.#progress.step(text);
  }

  /** Measure, and keep the figures. */
  async measure(subjects: readonly Subject[], budget = this.budget): Promise<void> {
    const cells = await measure(subjects, budget, ({ key }) =>
      this.step(`${key.work}, ${key.subject}, ${key.setup}, ${key.items} items`),
    );
    this.cells.push(...cells);
  }

  /** Say in a cell why there is no figure. */
  leaveOut(key: CellKey, reason: string): void {
    this.cells.push({ ...key, rounds: [], reason });
  }
}
