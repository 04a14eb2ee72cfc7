import { isPromise } from '../is-promise';
import type { Store, VersionedStore } from '../store';
import { attempt } from './attempt';
import { describeError } from './describe-error';
import type { ConformanceTarget, World } from './define-target';
import { ConformanceFailure, Inconclusive } from './failure';
import { HungKinds, type KindTally } from './hung-kinds';
import { limitsOf, slowMessage } from './limits-of';
import { ALLOW_MORE } from './pace';
import { measureRoundTrip } from './measure-round-trip';
import { featuresOf, judgeNeed, type Features } from './need';
import type { Late } from './pace';
import { holdBackWarnings } from './provoked-warnings';
import { ruleSeed } from './random';
import type { RuleResult } from './report';
import type { Rule } from './rule';
import { RuleContext } from './rule-context';
import { runBounded } from './run-bounded';
import { stubCause } from './stub-cause';
import { Trace } from './subject';

type Judgement = Omit<RuleResult, 'id' | 'title' | 'durationMs'>;

/** How a session runs its rules. */
export interface SessionOptions {
  readonly seed: number;
  /** How long no call may settle, in milliseconds, before the store is taken to hang. */
  readonly timeout: number;
  /** What is known from the processes before this one. */
  readonly earlier?: Earlier | undefined;
}

/** What one process tells the next. Plain data. */
export interface Earlier {
  readonly failed: readonly EarlierFailure[];
  readonly kinds: Readonly<Record<string, KindTally>>;
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
  /** How long a call takes, in milliseconds, as measured when the store was looked at. */
  #roundTrip = 0;
  readonly #kinds: HungKinds;
  /** How many calls each rule has made. */
  readonly calls = new Map<string, number>();
  /** What the store offers, where that could be told without waiting. */
  featuresNow: Features | undefined;

  constructor(
    readonly target: ConformanceTarget,
    readonly options: SessionOptions,
  ) {
    for (const failure of options.earlier?.failed ?? []) this.#failed.set(failure.id, failure);
    this.#kinds = new HungKinds(options.earlier?.kinds);
  }

  /** What the next process is to know, earlier failures included. */
  get earlier(): Earlier {
    return { failed: [...this.#failed.values()], kinds: this.#kinds.tallies };
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
    const { target } = this;
    let world: World | undefined;
    let store: (Store & Partial<VersionedStore>) | undefined;
    try {
      const made = target.createWorld();
      world = isPromise(made) ? await this.#inTime(made) : made;
      const opened = target.open(world);
      store = isPromise(opened) ? await this.#inTime(opened) : opened;
      this.featuresNow = featuresOf(store);
    } catch (error) {
      const step = world === undefined ? 'createWorld()' : 'open(world)';
      throw new Error(
        `The target "${target.name}" cannot be used: ${step} failed with ${describeError(error)}`,
        {
          cause: error,
        },
      );
    }
    if (this.#kinds.givenUp('load') === undefined) this.#roundTrip = await measureRoundTrip(store);
    // What goes wrong here goes wrong in the rules, too, which tell it.
    const { timeout } = this.options;
    const [opened, made] = [store, world];
    await attempt('close', timeout, () => (target.close ? target.close(opened) : opened.close?.()));
    await attempt('destroy', timeout, () => made.destroy?.());
    return this.featuresNow;
  }

  /** @throws Error when it does not settle. */
  async #inTime<T>(promise: Promise<T>): Promise<T> {
    const { timeout } = this.options;
    const settled = promise.then(
      () => undefined,
      () => undefined,
    );
    if ((await attempt('it', timeout, () => settled)).length === 0) return promise;
    throw new Error(`no answer within ${timeout} ms. ${ALLOW_MORE}`);
  }

  /** Run one rule. Never rejects for what the store does. */
  async run(rule: Rule): Promise<RuleResult> {
    const started = performance.now();
    const letWarningsPass = holdBackWarnings();
    const verdict = await this.#judge(rule).finally(letWarningsPass);
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
    const limits = limitsOf(rule, this.options.timeout, this.#roundTrip);
    const trace = new Trace((kind) => this.#kinds.givenUp(kind));
    return this.#check(rule, new RuleContext(this.target, features.capabilities, seed, limits, trace));
  }

  async #check(rule: Rule, t: RuleContext): Promise<Judgement> {
    const { trace, pace } = t;
    const ended = await runBounded(
      () => rule.check(t),
      (elapsed) => pace.pass(elapsed),
    );
    const calls = callLines(trace.lines());
    const [pending, hungIn] = [trace.pending(), trace.hangsIn()];
    this.calls.set(rule.id, trace.settled);
    const isHung = ended.kind === 'late' && ended.why === 'hung';
    this.#kinds.learn(rule.id, trace, isHung ? hungIn : undefined);
    // Nothing is said of what goes wrong in the cleaning up after a store that hangs.
    const flaws = await t.cleanUp(ended.kind === 'late' ? pace.limits.silence / 5 : undefined);
    switch (ended.kind) {
      case 'late':
        if (trace.found !== undefined) return this.#failure(rule, describeFailure(trace.found, calls));
        return this.#late(rule, t, ended.why, { pending, hungIn });
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

  /** The verdict on a rule that was given up. */
  #late(rule: Rule, { trace, pace }: RuleContext, why: Late, { pending, hungIn }: Hanging): Judgement {
    if (why === 'slow') {
      return { outcome: 'inconclusive', message: slowMessage(rule, trace.settled, pace.charged) };
    }
    if (why === 'futile' && trace.futile !== undefined) {
      const { kind, rule: blockedBy } = trace.futile;
      const message = `not run to its end: \`${kind}\` has hung in one rule after the other, first in ${blockedBy}`;
      this.#failed.set(rule.id, { id: rule.id, hung: true, hungIn: kind });
      return { outcome: 'fail', blockedBy, message };
    }
    const what = `it did not settle within ${pace.limits.silence} ms: the store hangs`;
    const shown = pending.slice(0, 4);
    const lines = shown.length > 0 ? [`  pending  ${shown.join('\n           ')}`] : [];
    return this.#failure(rule, [what, ...lines, `  if slow  ${ALLOW_MORE}`], { hung: true, hungIn });
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

/** What was pending when a rule was given up. */
interface Hanging {
  readonly pending: readonly string[];
  readonly hungIn: string | undefined;
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
