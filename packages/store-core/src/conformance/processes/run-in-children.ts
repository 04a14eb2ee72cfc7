import type { ChildProcess } from 'node:child_process';
import { makeReport, type Tested } from '../make-report';
import type { ConformanceReport, RuleResult } from '../report';
import type { Rule } from '../rule';
import { ALLOW_MORE } from '../pace';
import { everyNow } from '../run-bounded';
import type { Earlier } from '../session';
import { describeExit, startScript } from './child-script';
import { UnusableTarget } from './load-target';
import type { RuleAssignment, RuleProcessMessage } from './rule-process';

/** How rules are run in other processes. */
export interface ChildOptions {
  readonly seed: number;
  readonly timeout: number;
  readonly onResult?: ((result: RuleResult) => void) | undefined;
  /** Called before each rule, for progress. */
  readonly onStart?: ((rule: Rule) => void) | undefined;
}

/** How long loading the module and opening the store once may take, in milliseconds. */
const LOADING_PATIENCE = 30_000;
/** What a process may be silent beyond the time that its rule has, in milliseconds. */
const SILENCE = 5_000;

/**
 * Run rules, each group in a process of its own. A rule whose process blocks or ends has failed; the
 * ones after it run in a new process.
 *
 * @throws UnusableTarget when the target cannot be used, with the reason for a person.
 */
export async function runInChildren(
  module: string,
  rules: readonly Rule[],
  options: ChildOptions,
): Promise<ConformanceReport> {
  const results: RuleResult[] = [];
  let tested: Tested | undefined;
  let earlier: Earlier = { failed: [], kinds: {} };
  for (const group of byGroup(rules)) {
    for (let left = group; left.length > 0;) {
      const run = new ChildRun(module, left, earlier, options);
      tested = await run.ended;
      results.push(...run.results);
      earlier = run.earlier;
      left = left.slice(run.results.length);
    }
  }
  if (tested === undefined) throw new TypeError('There is no rule to run.');
  return makeReport(tested, options.seed, results);
}

function byGroup(rules: readonly Rule[]): Rule[][] {
  const groups = new Map<string, Rule[]>();
  for (const rule of rules) {
    const letter = rule.id.charAt(0);
    groups.set(letter, [...(groups.get(letter) ?? []), rule]);
  }
  return [...groups.values()];
}

/** One process, until it has run its rules or is lost. */
class ChildRun {
  readonly results: RuleResult[] = [];
  /** With what it says of the store; rejects with UnusableTarget. */
  readonly ended: Promise<Tested>;
  readonly #child: ChildProcess = startScript('rule-process');
  #tested: Tested | undefined;
  #unusable: string | undefined;
  #rule: Rule | undefined;
  #ruleStarted = 0;
  /** For how long it has given no sign of life, in milliseconds. */
  #silent = 0;
  #isBlocked = false;
  #isDone = false;

  constructor(
    module: string,
    private readonly rules: readonly Rule[],
    public earlier: Earlier,
    private readonly options: ChildOptions,
  ) {
    const { seed, timeout } = options;
    const ids = rules.map(({ id }) => id);
    const assignment: RuleAssignment = { module, rules: ids, seed, timeout, earlier };
    this.#child.on('message', (message) => this.#take(message as RuleProcessMessage));
    // What cannot be sent is told by `exit`.
    this.#child.send(assignment, () => undefined);
    const stopWatching = everyNow((elapsed) => this.#look(elapsed), 100);
    this.ended = new Promise((resolve, reject) => {
      this.#child.once('error', reject);
      this.#child.once('exit', (code, signal) => {
        stopWatching();
        try {
          resolve(this.#finish(describeExit(code, signal)));
        } catch (error) {
          reject(error as Error);
        }
      });
    });
  }

  #take(message: RuleProcessMessage): void {
    this.#silent = 0;
    switch (message.kind) {
      case 'unusable':
        this.#unusable = message.message;
        return void this.#child.kill('SIGKILL');
      case 'ready':
        this.#tested = message.tested;
        return;
      case 'started':
        this.#ruleStarted = performance.now();
        this.#rule = this.rules.find(({ id }) => id === message.id);
        if (this.#rule !== undefined) this.options.onStart?.(this.#rule);
        return;
      case 'ended':
        this.#rule = undefined;
        this.earlier = message.earlier;
        return this.#add(message.result);
      case 'done':
        this.#isDone = true;
        return void this.#child.kill('SIGKILL');
      case 'alive':
        return;
    }
  }

  /** A process that gives no sign of life for so long is blocked: its event loop does not turn. */
  #look(elapsed: number): void {
    this.#silent += elapsed;
    if (this.#silent < this.#patience()) return;
    this.#isBlocked = true;
    this.#child.kill('SIGKILL');
  }

  #patience(): number {
    if (this.#tested === undefined) return LOADING_PATIENCE;
    return SILENCE + (this.#rule === undefined ? 0 : this.options.timeout * (this.#rule.patience ?? 1));
  }

  /** @throws UnusableTarget */
  #finish(how: string): Tested {
    if (this.#unusable !== undefined) throw new UnusableTarget(this.#unusable);
    if (this.#tested === undefined) {
      const what = this.#isBlocked ? 'blocked' : `ended (${how})`;
      throw new UnusableTarget(
        `The process ${what} while the module was imported and its store opened for the first time.`,
      );
    }
    if (!this.#isDone) this.#addLost(how);
    return this.#tested;
  }

  /** The verdict on the rule in which the process was lost; between two rules, on the next one. */
  #addLost(how: string): void {
    const rule = this.#rule ?? this.rules[this.results.length];
    if (rule === undefined) return;
    const { id, title } = rule;
    const what = this.#isBlocked
      ? `the process stopped answering and had to be killed\n  likely   The store waits, or loops, without giving the event loop a turn. If it is slow: ${ALLOW_MORE}`
      : `the process ended (${how}) while the rule ran\n  likely   The store calls process.exit, or its native part has crashed.`;
    const replay = `--only ${id} --seed ${this.options.seed}`;
    const durationMs = Math.round(performance.now() - this.#ruleStarted);
    this.earlier = { ...this.earlier, failed: [...this.earlier.failed, { id, hung: true }] };
    this.#add({ id, title, outcome: 'fail', durationMs, message: `${what}\n  replay   ${replay}`, replay });
  }

  #add(result: RuleResult): void {
    this.results.push(result);
    this.options.onResult?.(result);
  }
}
