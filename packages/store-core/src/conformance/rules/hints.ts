import type { Hint } from '../../store';
import { exactText } from '../exact-text';
import { expectSame, expectThat, fail } from '../expect';
import type { RuleContext } from '../rule-context';
import { expected, type Subject } from '../subject';
import { DOC } from '../suite-schema';

/** What to suspect when a hint comes too early, or for a commit that was not made. */
export const EARLY =
  'Either the hint is sent before the commit, or also when it fails, or hints are merged with what they are not about.';
const LOST = 'Hints are sent for some ways of writing only, or are dropped when there are many.';

/** The commits that a check has made: only for those there may be hints, early or late, once or again. */
export class Commits {
  readonly #removed = new Map<string, boolean[]>();

  /** Note that the next rev of an instance was taken, so many times. */
  note(id: string, removed = false, type = DOC, times = 1): void {
    const key = exactText([type, id]);
    const revs = this.#removed.get(key) ?? [];
    for (let n = 0; n < times; n++) revs.push(removed);
    this.#removed.set(key, revs);
  }

  /** Whether a hint tells of one of them. */
  has({ type, id, rev, removed }: Hint): boolean {
    return this.#removed.get(exactText([type, id]))?.[rev - 1] === removed;
  }
}

/** The hints that one listener got. */
export class Hints {
  all: Hint[] = [];
  readonly #checks: Promise<string | undefined>[] = [];

  /** @param witness another handle, which must see at least what a hint says. */
  constructor(
    private readonly t: RuleContext,
    private readonly witness: Subject,
  ) {}

  take(hint: Hint): void {
    const { type, id, rev, removed } = hint;
    this.all.push({ type, id, rev, removed });
    // It may be rejected before anyone asks, or when nobody will.
    this.#checks.push(expected(this.#check(hint)));
  }

  clear(): void {
    this.all = [];
  }

  /** The newest hint of an instance must come, and say this. */
  async expectNewest(id: string, rev: number, removed: boolean): Promise<void> {
    await this.expectReached(id, rev);
    const newest = this.#newest(id);
    expectSame(
      [newest?.rev, newest?.removed],
      [rev, removed],
      `rev and \`removed\` of the newest hint of ${id}`,
      EARLY,
    );
  }

  async expectReached(id: string, rev: number): Promise<void> {
    const details = () => ({
      got: exactText(this.all.filter((hint) => hint.id === id).slice(-4)),
      cause: LOST,
    });
    await this.t.eventually(
      `a hint of ${id} at rev ${rev} must come`,
      () => (this.#newest(id)?.rev ?? 0) >= rev,
      details,
    );
  }

  /** Every hint tells of one of these commits, and came after it. */
  async expectSound(commits: Commits): Promise<void> {
    this.expectOnly(commits);
    const flaw = (await Promise.all(this.#checks)).find((each) => each !== undefined);
    if (flaw !== undefined) fail('a hint must follow its commit', { got: flaw, cause: EARLY });
  }

  /** Every hint tells of one of these commits. */
  expectOnly(commits: Commits, cause?: string): void {
    const stray = this.all.find((hint) => !commits.has(hint));
    expectThat(stray === undefined, 'a hint must name a commit that was made: type, id, rev and `removed`', {
      got: exactText(stray),
      cause,
    });
  }

  #newest(id: string): Hint | undefined {
    return this.all.filter((hint) => hint.id === id).sort((a, b) => b.rev - a.rev)[0];
  }

  /** Asked at the moment of the hint: an answer from before the commit is a flaw. */
  async #check({ type, id, rev, removed }: Hint): Promise<string | undefined> {
    const loaded = await this.witness.loadVersioned(type, id);
    if (loaded === null || removed) return undefined;
    return loaded.rev < rev ? `a hint at rev ${rev}, while the instance is at rev ${loaded.rev}` : undefined;
  }
}
