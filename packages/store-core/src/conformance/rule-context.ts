import type * as fc from 'fast-check';
import type { StoreCapabilities, VersionedStore } from '../store';
import type { StoreErrorCode } from '../store-error';
import { attempt } from './attempt';
import { checkProperty } from './check-property';
import { describeError } from './describe-error';
import type { ConformanceTarget, EndFault, MaybeAsync, World } from './define-target';
import { Peer } from './processes/peer';
import { moduleUrl } from './processes/module-url';
import { exactText } from './exact-text';
import { expectSame, fail } from './expect';
import { ConformanceFailure, type FailureDetails } from './failure';
import { ALLOW_MORE, Pace, type Limits } from './pace';
import { Random } from './random';
import { stubCause } from './stub-cause';
import { CommittingSubject, Subject, Trace } from './subject';
import { DOC } from './suite-schema';
import { everyNow } from './run-bounded';
import { pause, turn } from './turns';

/** What a rule's check works with: worlds, handles, chance, and assertions about the store. */
export class RuleContext {
  readonly pace: Pace;
  readonly random: Random;
  /** Set by a check whose part between processes cannot run. See `RuleResult.lacks`. */
  lacks: 'module' | undefined;
  #world: Promise<World> | undefined;
  readonly #worlds: World[] = [];
  /** The handles that are open, and how to close each. */
  readonly #open = new Map<Subject, () => unknown>();
  /** What may be closed once more. */
  readonly #closed = new WeakMap<Subject, () => unknown>();
  readonly #peers: Peer[] = [];
  /** The ends of the faults that are in effect. */
  readonly #faults = new Set<EndFault>();
  #names = 0;
  /** The context of the second way, see {@link RuleContext.bothWays}. */
  #committing: RuleContext | undefined;
  /** Whether handles commit where a rule says persist. */
  #commits = false;

  constructor(
    readonly target: ConformanceTarget,
    readonly capabilities: StoreCapabilities | undefined,
    readonly seed: number,
    limits: Limits,
    readonly trace: Trace = new Trace(),
    pace: Pace = new Pace(trace, limits),
  ) {
    this.pace = pace;
    this.random = new Random(seed);
  }

  /** How long one call may take, in milliseconds. */
  get timeout(): number {
    return this.pace.limits.silence;
  }

  // Worlds and handles ----------------------------------------------------------------------------

  /** The rule's own world, fresh. */
  world(): Promise<World> {
    this.#world ??= this.newWorld();
    return this.#world;
  }

  /** One more world, fresh. */
  async newWorld(): Promise<World> {
    return this.trace.step('createWorld()', async () => {
      const world = await this.target.createWorld();
      if (this.trace.hasEnded) await world.destroy?.();
      else this.#worlds.push(world);
      return world;
    });
  }

  /** One more handle, on the rule's world when no other is given. */
  async open(world?: World): Promise<Subject> {
    const on = world ?? (await this.world());
    return this.trace.step('open(world)', async () => {
      const store = await this.target.open(on);
      const Handle = this.#commits ? CommittingSubject : Subject;
      const subject = new Handle(store, nameOf(this.#names++), this.trace);
      const close = (): unknown => {
        if (this.target.close !== undefined) return this.target.close(store);
        return (store as Partial<VersionedStore>).close?.();
      };
      // The rule may have ended meanwhile.
      if (this.trace.hasEnded) await close();
      else this.#open.set(subject, close);
      return subject;
    });
  }

  /** One more process, with the target imported. */
  async process(): Promise<Peer> {
    const { module } = this.target;
    if (module === undefined) throw new ConformanceFailure('the target has no `module`');
    return this.trace.step('starting another process', async () => {
      const peer = await Peer.start(moduleUrl(module));
      if (this.trace.hasEnded) await peer.kill();
      else this.#peers.push(peer);
      return peer;
    });
  }

  /** One more handle on the rule's world, in another process. */
  async openIn(peer: Peer): Promise<Subject> {
    const world = await this.world();
    const store = await this.trace.step('open(world) in another process', () => peer.open(world));
    const subject = new Subject(store, `${nameOf(this.#names++)}*`, this.trace);
    this.#open.set(subject, () => store.close?.());
    return subject;
  }

  /** End a process, and forget its handles. */
  async kill(peer: Peer, ...handles: readonly Subject[]): Promise<void> {
    for (const handle of handles) this.#open.delete(handle);
    await peer.kill();
  }

  /** Close a handle the way the target does. */
  async close(subject: Subject): Promise<void> {
    const close = this.#open.get(subject) ?? this.#closed.get(subject);
    this.#open.delete(subject);
    if (close !== undefined) this.#closed.set(subject, close);
    await this.trace.call(`close a handle`, async () => {
      await close?.();
    });
  }

  /**
   * Begin a fault of the target in the rule's world. One that a failing rule leaves is ended with it:
   * nothing must wait for good.
   *
   * @returns a function that ends it.
   */
  async fault(...[name, ...rest]: Fault): Promise<() => Promise<void>> {
    const { faults } = this.target;
    const begin = faults?.[name] as ((...args: unknown[]) => MaybeAsync<EndFault>) | undefined;
    if (begin === undefined) throw new ConformanceFailure(`the target has no \`faults.${name}\``);
    const { contention } = this.trace;
    const end = await begin.call(faults, await this.world(), ...rest);
    if (name === 'lock') contention.isLocked = true;
    this.#faults.add(end);
    return async () => {
      this.#faults.delete(end);
      if (name === 'lock') contention.isLocked = false;
      await end();
    };
  }

  /** Close every handle. */
  async closeAll(): Promise<void> {
    for (const subject of this.#open.keys()) await this.close(subject);
  }

  /**
   * End what is left of the check, close all handles and destroy all worlds, whatever goes wrong.
   *
   * @param patience how long each step may take, in milliseconds.
   * @returns what went wrong.
   */
  async cleanUp(patience = this.pace.limits.silence): Promise<string[]> {
    this.trace.end();
    const flaws: string[] = (await this.#committing?.cleanUp(patience)) ?? [];
    for (const end of this.#faults) flaws.push(...(await attempt('ending a fault', patience, end)));
    const closing = [...this.#open.values()].map((close) => attempt('close', patience, close));
    this.#open.clear();
    flaws.push(...(await Promise.all(closing)).flat());
    for (const peer of this.#peers.splice(0)) await peer.kill();
    for (const world of this.#worlds.splice(0))
      flaws.push(...(await attempt('destroy', patience, () => world.destroy?.())));
    return flaws;
  }

  /**
   * Run a check; beside it, where the store has `commit` and `loadVersioned`, once more in another fresh
   * world, with `commit` in the place of `persist` and `loadVersioned` in that of `load`.
   */
  async bothWays(check: (t: RuleContext) => Promise<void>): Promise<void> {
    const { raw } = (await this.pair())[0];
    // A declared method that is missing is a matter of the rules that need it.
    const commits = typeof raw.commit === 'function' && typeof raw.loadVersioned === 'function';
    if (this.capabilities === undefined || !commits) return check(this);
    const { target, capabilities, seed, pace, trace } = this;
    const second = new RuleContext(target, capabilities, seed, pace.limits, trace, pace);
    second.#commits = true;
    second.#names = this.#names;
    this.#committing = second;
    const ways = [this, second].map(async (t) => {
      try {
        await check(t);
      } catch (error) {
        // The calls before the failure, before those of the other way follow.
        if (error instanceof ConformanceFailure) error.calls ??= trace.lines();
        throw error;
      }
    });
    const failed = (await Promise.allSettled(ways)).find(({ status }) => status === 'rejected');
    if (failed?.status === 'rejected') throw failed.reason;
  }

  // Chance ----------------------------------------------------------------------------------------

  /** Run a check over generated inputs, see `checkProperty`. */
  property<T>(arbitrary: fc.Arbitrary<T>, runs: number, check: (input: T) => Promise<void>): Promise<void> {
    return checkProperty(arbitrary, check, { seed: this.seed, runs, trace: this.trace });
  }

  // Time ------------------------------------------------------------------------------------------

  /**
   * Wait until something is so, looking again and again. A store may take its time, for example to poll
   * for hints: what ends well is not charged to the rule.
   *
   * @throws ConformanceFailure when it does not come to be so.
   */
  eventually(what: string, isSo: () => boolean, details?: () => FailureDetails): Promise<void> {
    const within = this.pace.limits.silence;
    return this.pace.uncharged(async () => {
      let waited = 0;
      const stop = everyNow((elapsed) => (waited += elapsed));
      try {
        // A macrotask each time: others must get on.
        for (let looks = 0; !isSo(); looks++) {
          if (this.trace.hasEnded) return await new Promise(() => undefined);
          if (waited >= within) {
            throw new ConformanceFailure(`${what}, within ${within} ms. ${ALLOW_MORE}`, details?.() ?? {});
          }
          await (looks < 20 ? turn() : pause(2));
        }
      } finally {
        stop();
      }
    });
  }

  // Assertions ------------------------------------------------------------------------------------

  /** A load must give exactly this state; `null` for none. */
  async expectLoad(
    store: Subject,
    id: string,
    want: unknown,
    { type = DOC, what = 'load after persist', cause }: LoadExpectation = {},
  ): Promise<void> {
    expectSame(await store.load(type, id), want, what, cause);
  }

  /** Run a check of one instance: if it fails, the message shows the calls that name it. */
  async about<T>(id: string, check: () => Promise<T>): Promise<T> {
    try {
      return await check();
    } catch (error) {
      if (error instanceof ConformanceFailure) error.calls ??= this.trace.lines(id);
      throw error;
    }
  }

  /**
   * Persist a state through one handle as the engine does on mount, and find it exactly through that
   * handle and through another one.
   *
   * @param want what is to be found, where it is not `state` itself.
   */
  async roundTrip(
    id: string,
    state: object,
    expectation: LoadExpectation & { want?: unknown } = {},
  ): Promise<void> {
    const [writer, reader] = await this.pair();
    const type = expectation.type ?? DOC;
    const want = 'want' in expectation ? expectation.want : state;
    await this.about(id, async () => {
      await writer.persist(type, id, state, state);
      const what = `${expectation.what ?? 'load after persist'}, through another handle`;
      await Promise.all([
        this.expectLoad(writer, id, want, expectation),
        this.expectLoad(reader, id, want, { ...expectation, what }),
      ]);
    });
  }

  /** {@link RuleContext.roundTrip}; a store may also refuse the state, and then keeps the earlier one. */
  async roundTripOrRefusal(id: string, state: object, expectation: LoadExpectation = {}): Promise<void> {
    const [writer] = await this.pair();
    const type = expectation.type ?? DOC;
    const earlier = { id: 'earlier' };
    await writer.persist(type, id, earlier, earlier);
    const error = await rejection(writer.persist(type, id, state, state));
    if (error === undefined) return this.roundTrip(id, state, expectation);
    this.checkCode(error.value, ['STORE_INVALID_STATE'], 'refusing a state that the backend cannot hold');
    await this.expectLoad(writer, id, earlier, { type, what: 'the earlier state after a refusal' });
  }

  /** Two handles on the rule's world, the same ones each time. */
  pair(): Promise<[Subject, Subject]> {
    this.#pair ??= Promise.all([this.open(), this.open()]);
    return this.#pair;
  }
  #pair: Promise<[Subject, Subject]> | undefined;

  /** A call must reject; with `capabilities`, with a StoreError of one of these codes. */
  async refused(
    promise: Promise<unknown>,
    codes: StoreErrorCode | readonly StoreErrorCode[],
    what: string,
    cause?: string,
  ): Promise<unknown> {
    const error = await rejection(promise);
    const wanted = typeof codes === 'string' ? [codes] : codes;
    const want = this.capabilities === undefined ? 'a rejection' : wanted.join(' or ');
    if (error === undefined) {
      fail(`${what} must be refused`, { got: 'it resolved', want, cause, independent: true });
    }
    this.checkCode(error.value, wanted, what);
    return error.value;
  }

  /** With `capabilities`, an error must be a StoreError of one of these codes. */
  checkCode(error: unknown, codes: readonly StoreErrorCode[], what: string): void {
    if (error instanceof ConformanceFailure) throw error;
    if (this.capabilities === undefined) return;
    const { name, code } = Object(error) as { name?: unknown; code?: unknown };
    if (name === 'StoreError' && codes.includes(code as StoreErrorCode)) return;
    const want = `StoreError ${codes.join(' or ')}`;
    fail(`the error of ${what}`, { got: describeError(error), want, cause: stubCause(error) });
  }

  /** Whether a rejection is a StoreError of this code. */
  isCode(error: unknown, code: StoreErrorCode): boolean {
    return typeof error === 'object' && error !== null && (error as { code?: unknown }).code === code;
  }
}

/** A fault of the target that can be ended, with what is to be said of it. */
export type Fault =
  | [name: 'full' | 'readonly' | 'lock' | 'failRead']
  | [name: 'failWrite', nth: number, how: 'once' | 'forever'];

/** What a load is expected to show, for messages. */
export interface LoadExpectation {
  type?: string | undefined;
  what?: string | undefined;
  cause?: string | undefined;
}

/** What a promise rejects with, or `undefined` when it resolves. */
export async function rejection(promise: Promise<unknown>): Promise<{ value: unknown } | undefined> {
  try {
    await promise;
    return undefined;
  } catch (value) {
    return { value };
  }
}

/** The exact text of what a load gives. */
export async function loadText(store: Subject, type: string, id: string): Promise<string> {
  return exactText(await store.load(type, id));
}

function nameOf(index: number): string {
  return index < 26 ? String.fromCharCode(97 + index) : `handle${index}`;
}
