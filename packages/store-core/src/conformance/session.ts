import { isPromise } from '../is-promise';
import type { Store, VersionedStore } from '../store';
import { describeError } from './describe-error';
import type { ConformanceTarget, World } from './define-target';
import { ConformanceFailure, Inconclusive } from './failure';
import { featuresOf, judgeNeed, type Features } from './need';
import { ruleSeed } from './random';
import type { RuleResult } from './report';
import type { Rule } from './rule';
import { RuleContext } from './rule-context';
import { runBounded } from './run-bounded';
import { stubCause } from './stub-cause';

type Judgement = Omit<RuleResult, 'id' | 'title' | 'durationMs'>;

/** How a session runs its rules. */
export interface SessionOptions {
  readonly seed: number;
  /** How long a rule may take, in milliseconds; some may take a multiple. */
  readonly timeout: number;
  /** What failed in the processes before this one. */
  readonly earlier?: readonly EarlierFailure[] | undefined;
}

/** A rule that failed. */
export interface EarlierFailure {
  readonly id: string;
  /** Whether the store hung in it, or ended its process. */
  readonly hung: boolean;
  /** The kind of call that the store hung in, see `Trace.hangsIn`. */
  readonly hungIn?: string | undefined;
}

/**
 * One run of the suite on one target: finds out what the store offers, runs rules one by one, and
 * remembers what failed, so that a cascade is told once.
 */
export class Session {
  readonly results: RuleResult[] = [];
  readonly #failed = new Map<string, EarlierFailure>();
  #probing: Promise<Features> | undefined;
  #hangs = 0;
  /** What the store offers, where that could be told without waiting. */
  featuresNow: Features | undefined;

  constructor(
    readonly target: ConformanceTarget,
    readonly options: SessionOptions,
  ) {
    for (const failure of options.earlier ?? []) {
      this.#failed.set(failure.id, failure);
      if (failure.hung) this.#hangs++;
    }
  }

  /** What has failed, earlier failures included. */
  get failed(): EarlierFailure[] {
    return [...this.#failed.values()];
  }

  /**
   * Open the store once and look at it.
   *
   * @throws Error when the target cannot be used at all.
   */
  features(): Promise<Features> {
    this.#probing ??= this.#probe();
    return this.#probing;
  }

  // No `await` before the features are there, unless the target is asynchronous: a runner wants the
  // titles of all tests in the turn in which they are registered.
  async #probe(): Promise<Features> {
    let world: World | undefined;
    let store: (Store & Partial<VersionedStore>) | undefined;
    try {
      const made = this.target.createWorld();
      world = isPromise(made) ? await made : made;
      const opened = this.target.open(world);
      store = isPromise(opened) ? await opened : opened;
      this.featuresNow = featuresOf(store);
      return this.featuresNow;
    } catch (error) {
      const step = world === undefined ? 'createWorld()' : 'open(world)';
      throw new Error(
        `The target "${this.target.name}" cannot be used: ${step} failed with ${describeError(error)}`,
        {
          cause: error,
        },
      );
    } finally {
      if (store !== undefined) await (this.target.close ? this.target.close(store) : store.close?.());
      await world?.destroy?.();
    }
  }

  /** Run one rule. Never rejects for what the store does. */
  async run(rule: Rule): Promise<RuleResult> {
    const started = performance.now();
    const verdict = await this.#judge(rule);
    const result: RuleResult = {
      id: rule.id,
      title: rule.title,
      durationMs: Math.round((performance.now() - started) * 10) / 10,
      ...verdict,
    };
    this.results.push(result);
    return result;
  }

  async #judge(rule: Rule): Promise<Judgement> {
    const waiver = this.target.waivers?.find(({ id }) => id === rule.id);
    if (waiver !== undefined) {
      const message = waiver.issue === undefined ? waiver.reason : `${waiver.reason} (${waiver.issue})`;
      return { outcome: 'waived', message };
    }
    const features = await this.features();
    for (const need of rule.needs ?? []) {
      const judged = judgeNeed(need, this.target, features);
      if (judged.met === false) {
        const { reason: message, lacks } = judged;
        return { outcome: 'n/a', message, ...(lacks === undefined ? {} : { lacks }) };
      }
      if (judged.met === 'broken') return this.#failure(rule, [judged.flaw]);
    }
    const blocker = this.#blocker(rule);
    if (blocker !== undefined && this.#failed.get(blocker)?.hung === true) {
      return {
        outcome: 'fail',
        blockedBy: blocker,
        message: `not run: the store hung or ended its process in ${blocker}`,
      };
    }
    const seed = ruleSeed(this.options.seed, rule.id);
    const timeout = timeoutOf(rule, this.options.timeout, this.#hangs);
    return this.#check(rule, new RuleContext(this.target, features.capabilities, seed, timeout));
  }

  async #check(rule: Rule, t: RuleContext): Promise<Judgement> {
    const { timeout } = t;
    const ended = await runBounded(() => rule.check(t), timeout);
    const calls = callLines(t.trace.lines());
    const pending = t.trace.pending().slice(0, 4);
    const hungIn = t.trace.hangsIn();
    const flaws = await t.cleanUp();
    switch (ended.kind) {
      case 'late': {
        this.#hangs++;
        const where = pending.length > 0 ? `  pending  ${pending.join('\n           ')}` : '';
        return this.#failure(rule, [`it did not settle within ${timeout} ms`, where], { hung: true, hungIn });
      }
      case 'threw':
        if (ended.error instanceof Inconclusive) {
          return { outcome: 'inconclusive', message: ended.error.message };
        }
        return this.#failure(rule, describeFailure(ended.error, calls), {
          independent: isIndependent(ended.error),
        });
      case 'stray':
        return this.#failure(rule, [`${STRAY}: ${describeError(ended.error)}`, ...calls]);
      case 'done':
        if (flaws.length === 0)
          return { outcome: 'pass', ...(t.lacks === undefined ? {} : { lacks: t.lacks }) };
        return this.#failure(rule, [`after the check, ${flaws.join('; ')}`]);
    }
  }

  #blocker(rule: Rule): string | undefined {
    return blockersOf(rule).find((id) => id !== rule.id && this.#failed.has(id));
  }

  #failure(rule: Rule, lines: readonly string[], how: HowFailed = {}): Judgement {
    const { hung = false, hungIn, independent = false } = how;
    const alike = [...this.#failed.values()].find(
      (earlier) => hungIn !== undefined && earlier.hungIn === hungIn,
    );
    this.#failed.set(rule.id, { id: rule.id, hung, hungIn });
    const replay = `--only ${rule.id} --seed ${this.options.seed}`;
    const message = [...lines.filter((line) => line !== ''), `  replay   ${replay}`].join('\n');
    const blockedBy = independent ? undefined : (this.#blocker(rule) ?? alike?.id);
    return { outcome: 'fail', message, replay, ...(blockedBy === undefined ? {} : { blockedBy }) };
  }
}

/** How a rule failed. */
interface HowFailed extends Partial<Omit<EarlierFailure, 'id'>> {
  /** Whether no other failure can explain it. */
  readonly independent?: boolean;
}

/** A store that does not keep what it gets breaks everything; one without revs, all that needs them. */
function blockersOf({ id, blockedBy }: Rule): readonly string[] {
  return blockedBy ?? ('RMN'.includes(id.charAt(0)) ? ['B2', 'B3', 'R1'] : ['B2', 'B3']);
}

/** How long a rule may take. A store that hangs, hangs often: do not wait in full every time. */
export function timeoutOf({ patience = 1 }: Rule, timeout: number, hangs: number): number {
  return (timeout * patience) / (hangs > 2 ? 5 : 1);
}

const STRAY = 'a promise that nobody had was rejected, or something was thrown in the background';

function isIndependent(error: unknown): boolean {
  return error instanceof ConformanceFailure && error.details.independent === true;
}

function describeFailure(error: unknown, calls: readonly string[]): string[] {
  if (!(error instanceof ConformanceFailure)) {
    const likely = stubCause(error);
    const lines = [`the store rejected: ${describeError(error)}`, ...calls];
    return likely === undefined ? lines : [...lines, `  likely   ${likely}`];
  }
  const { input, got, want, cause } = error.details;
  const lines = [error.what];
  if (input !== undefined) lines.push(`  input    ${input}`);
  lines.push(...(error.calls === undefined ? calls : callLines(error.calls)));
  if (got !== undefined) lines.push(`  got      ${got}`);
  if (want !== undefined) lines.push(`  want     ${want}`);
  if (cause !== undefined) lines.push(`  likely   ${cause}`);
  return lines;
}

function callLines(calls: readonly string[]): string[] {
  return calls.length === 0 ? [] : [`  calls    ${calls.join('\n           ')}`];
}
