import { GROUPS } from '../groups';
import type { RuleResult } from '../report';
import type { Rule } from '../rule';

/** Where progress is written: stderr, or something like it. */
export interface ProgressStream {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

/** Tells how far a run is: in one line that is rewritten on a terminal, else in a line per group. */
export class Progress {
  #done = 0;
  #failed = 0;
  readonly #left = new Map<string, number>();
  readonly #groups = new Map<string, RuleResult[]>();

  constructor(
    private readonly stream: ProgressStream,
    private readonly rules: readonly Rule[],
  ) {
    for (const { id } of rules) this.#left.set(id.charAt(0), (this.#left.get(id.charAt(0)) ?? 0) + 1);
  }

  started({ id, title }: Rule): void {
    if (this.stream.isTTY !== true) return;
    const failed = this.#failed > 0 ? `, ${this.#failed} failed` : '';
    const line = `${this.#done}/${this.rules.length}${failed} · ${id} ${title}`;
    this.#rewrite(line.slice(0, (this.stream.columns ?? 80) - 1));
  }

  ended(result: RuleResult): void {
    this.#done++;
    if (result.outcome === 'fail') this.#failed++;
    const letter = result.id.charAt(0);
    const results = [...(this.#groups.get(letter) ?? []), result];
    this.#groups.set(letter, results);
    const isLast = results.length === this.#left.get(letter);
    if (isLast && this.stream.isTTY !== true) this.stream.write(`${groupLine(letter, results)}\n`);
  }

  /** Make room for the report. */
  clear(): void {
    if (this.stream.isTTY === true) this.#rewrite('');
  }

  #rewrite(line: string): void {
    this.stream.write(`\r\u001b[2K${line}`);
  }
}

function groupLine(letter: string, results: readonly RuleResult[]): string {
  const counts = new Map<string, number>();
  let spent = 0;
  for (const { outcome, durationMs } of results) {
    counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
    spent += durationMs;
  }
  const outcomes = [...counts].map(([outcome, count]) => `${count} ${outcome}`).join(', ');
  return `${letter} ${GROUPS[letter]}: ${outcomes} (${(spent / 1_000).toFixed(1)} s)`;
}
