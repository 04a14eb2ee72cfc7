import type { Trace } from './subject';

/** What is known of one kind of call. Plain data: it goes from process to process. */
export interface KindTally {
  /** How many have resolved. */
  resolved: number;
  /** In how many rules it has hung, with none between them that made such calls and went well. */
  hung: number;
  /** The first of those rules. */
  first?: string;
}

/** After so many rules a kind of call is given up, when none has ever resolved, and else. */
const NEVER_RESOLVED = 2;
const HANGS_OFTEN = 8;

/**
 * The kinds of calls that hang in one rule after the other. Waiting in full for each of them would take
 * hours; a rule that makes such a call is told as a part of the cascade. Other rules keep all their time.
 */
export class HungKinds {
  readonly tallies: Record<string, KindTally>;

  constructor(earlier: Readonly<Record<string, KindTally>> = {}) {
    this.tallies = structuredClone(earlier) as Record<string, KindTally>;
  }

  /** The rule in which a kind of call hung first, if it is given up. */
  givenUp(kind: string): string | undefined {
    const tally = this.tallies[kind];
    if (tally === undefined) return undefined;
    return tally.hung >= (tally.resolved === 0 ? NEVER_RESOLVED : HANGS_OFTEN) ? tally.first : undefined;
  }

  /** A rule has ended; `hungIn` is the kind of call that it was given up for. */
  learn(rule: string, { resolved }: Trace, hungIn: string | undefined): void {
    for (const [kind, times] of resolved) {
      const tally = (this.tallies[kind] ??= { resolved: 0, hung: 0 });
      tally.resolved += times;
      if (kind === hungIn) continue;
      tally.hung = 0;
      delete tally.first;
    }
    if (hungIn === undefined) return;
    const tally = (this.tallies[hungIn] ??= { resolved: 0, hung: 0 });
    tally.hung++;
    tally.first ??= rule;
  }
}
