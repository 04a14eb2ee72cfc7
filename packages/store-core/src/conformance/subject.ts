import type {
  CommitOptions,
  CommitResult,
  Hint,
  ListOptions,
  Loaded,
  Store,
  StoreCapabilities,
  VersionedStore,
  Write,
} from '../store';
import { Contention } from './contention';
import { ConformanceFailure } from './failure';
import type { OptionalMethod } from './need';
import { cut, preview } from './preview';

interface Call {
  readonly text: string;
  /** Calls of one kind hang for one reason. */
  readonly kind: string;
  state: 'pending' | 'done' | 'rejected';
}

/** The calls made by one rule: for its message (the oldest are forgotten), and to see whether they settle. */
export class Trace {
  #ended = false;
  readonly #calls: Call[] = [];
  readonly #pending = new Set<Call>();
  /** How many calls have settled. */
  settled = 0;
  /** How many calls of each kind have resolved. */
  readonly resolved = new Map<string, number>();
  /** A call was made of a kind that is given up: it is not waited for. */
  futile: { readonly kind: string; readonly rule: string } | undefined;

  /** Who of the rule's handles writes. */
  readonly contention = new Contention();
  /** A failure that is known while a smaller input is still looked for. */
  found: ConformanceFailure | undefined;

  /** @param givenUp the rule because of which a kind of call is given up, if it is. */
  constructor(private readonly givenUp: (kind: string) => string | undefined = () => undefined) {}

  /** The rule has its verdict: what is left of its check stops at its next call. */
  end(): void {
    this.#ended = true;
  }

  get hasEnded(): boolean {
    return this.#ended;
  }

  /** Forget what was, for example before the next generated input. */
  clear(): void {
    this.#calls.length = 0;
  }

  /**
   * The last calls, with the outcome of those that did not just resolve.
   *
   * @param id of an instance: where rules look at many side by side, the calls of others tell nothing.
   */
  lines(id?: string): string[] {
    const isMeant = ({ text }: Call): boolean => id === undefined || text.includes(JSON.stringify(id));
    return this.#calls
      .filter(isMeant)
      .slice(-6)
      .map(({ text, state }) => (state === 'done' ? text : `${text} → ${state}`));
  }

  /** Calls that have not settled. */
  pending(): string[] {
    return [...this.#pending].map(({ text }) => text);
  }

  /** The oldest call that has not settled; the same object each time. */
  oldest(): object | undefined {
    return this.#first();
  }

  /** The kind of the oldest call that has not settled. What hangs in one rule will in others. */
  hangsIn(): string | undefined {
    return this.#first()?.kind;
  }

  #first(): Call | undefined {
    const [first] = this.#pending;
    return first;
  }

  /** Note a call and make it. A synchronous throw becomes a rejection: only rule B5 minds. */
  async call<T>(text: string, make: () => T | Promise<T>, kind = text): Promise<T> {
    const call: Call = { text, kind, state: 'pending' };
    if (!this.#ended) this.#calls.push(call);
    if (this.#calls.length > 2_000) this.#calls.splice(0, 1_000);
    return this.#follow(call, make);
  }

  /** Make a call of the target, such as opening a handle, that is not shown unless it hangs. */
  async step<T>(text: string, make: () => T | Promise<T>): Promise<T> {
    return this.#follow({ text, kind: text, state: 'pending' }, make);
  }

  /**
   * Once the rule has its verdict nothing settles any more. What is left of its check then waits for good,
   * instead of being rejected where nobody listens.
   */
  async #follow<T>(call: Call, make: () => T | Promise<T>): Promise<T> {
    if (this.#ended) return forever();
    const rule = this.givenUp(call.kind);
    if (rule !== undefined) {
      this.futile ??= { kind: call.kind, rule };
      return forever();
    }
    this.#pending.add(call);
    try {
      const result = await make();
      this.#settle(call, 'done');
      this.resolved.set(call.kind, (this.resolved.get(call.kind) ?? 0) + 1);
      return this.#ended ? await forever<T>() : result;
    } catch (error) {
      this.#settle(call, 'rejected');
      if (this.#ended) return forever();
      throw error;
    }
  }

  #settle(call: Call, state: Call['state']): void {
    call.state = state;
    this.#pending.delete(call);
    this.settled++;
  }
}

function forever<T>(): Promise<T> {
  return new Promise(() => undefined);
}

/**
 * A handle of the store under test as the rules use it. Passes every call on unchanged, notes it for
 * messages, and sees to it that a promise which a failing rule leaves behind is nobody's unhandled
 * rejection. All methods are there: a rule names those it needs, and runs only where they are.
 */
export class Subject implements Required<Omit<VersionedStore, 'plan' | typeof Symbol.asyncDispose>> {
  /** @param name for messages, `a` for the first handle of a rule. */
  constructor(
    readonly raw: Store & Partial<VersionedStore>,
    private readonly name: string,
    private readonly trace: Trace,
  ) {}

  get capabilities(): StoreCapabilities {
    const { capabilities } = this.raw;
    if (capabilities === undefined) throw new ConformanceFailure('the store has no `capabilities`');
    return capabilities;
  }

  load(type: string, id: string): Promise<unknown> {
    return this.#call('load', [type, id], () => this.raw.load(type, id) as Promise<unknown>);
  }

  persist(type: string, id: string, diff: unknown, full: unknown): Promise<void> {
    return this.#call('persist', [type, id, diff, full], ([, , d, f]) =>
      this.raw.persist(type, id, d as Record<string, unknown>, f),
    );
  }

  loadVersioned(type: string, id: string): Promise<Loaded | null> {
    return this.#call('loadVersioned', [type, id], () => this.#method('loadVersioned')(type, id));
  }

  commit(writes: readonly Write[], options?: CommitOptions): Promise<CommitResult> {
    if (options === undefined) {
      return this.#call('commit', [writes], ([w]) => this.#method('commit')(w));
    }
    return this.#call('commit', [writes, options], ([w, o]) => this.#method('commit')(w, o));
  }

  remove(type: string, id: string, options?: { ifRev?: number | undefined }): Promise<boolean> {
    if (options === undefined)
      return this.#call('remove', [type, id], () => this.#method('remove')(type, id));
    return this.#call('remove', [type, id, options], () => this.#method('remove')(type, id, options));
  }

  list(type: string, options?: ListOptions): Promise<string[]> {
    if (options === undefined) return this.#call('list', [type], () => this.#method('list')(type));
    return this.#call('list', [type, options], () => this.#method('list')(type, options));
  }

  types(options?: ListOptions): Promise<string[]> {
    if (options === undefined) return this.#call('types', [], () => this.#method('types')());
    return this.#call('types', [options], () => this.#method('types')(options));
  }

  findEvent(eventId: string): Promise<CommitResult | null> {
    return this.#call('findEvent', [eventId], () => this.#method('findEvent')(eventId));
  }

  watch(listener: (hint: Hint) => void): Promise<() => Promise<void>> {
    const watching = this.#call('watch', [listener], () => this.#method('watch')(listener));
    return expected(watching.then((end) => (typeof end === 'function' ? this.#noted(end) : end)));
  }

  #noted(end: () => Promise<void>): () => Promise<void> {
    return () => {
      const ending = end();
      // Noted only: what is no promise must be seen by the rule.
      Promise.resolve(ending).catch(() => undefined);
      this.trace
        .call(`${this.name}: end a subscription`, () => ending, 'end a subscription')
        .catch(() => undefined);
      return ending;
    };
  }

  close(): Promise<void> {
    return this.#call('close', [], () => this.#method('close')());
  }

  #method<K extends OptionalMethod>(name: K): NonNullable<VersionedStore[K]> {
    const method = this.raw[name] as NonNullable<VersionedStore[K]> | undefined;
    if (typeof method !== 'function') throw new ConformanceFailure(`the store has no method \`${name}\``);
    return method.bind(this.raw) as NonNullable<VersionedStore[K]>;
  }

  #call<T, Args extends readonly unknown[]>(
    method: string,
    args: readonly [...Args],
    make: (args: readonly [...Args]) => T | Promise<T>,
  ): Promise<T> {
    // The engine gives the same object as diff and full on mount.
    const shown = args
      .map((arg, i) => (i === 3 && arg === args[2] ? 'the same' : preview(arg, 90)))
      .join(', ');
    const isOfSeveral = Array.isArray(args[0]) && args[0].length > 1;
    const kind = isOfSeveral ? `${method} of several` : method;
    const text = cut(`${this.name}.${method}(${shown})`, 260);
    const isWrite = ['persist', 'commit', 'remove'].includes(method);
    // A call that is made again must not have what the rule has changed meanwhile.
    const kept = isWrite ? copyOf(args) : args;
    const again = (): T | Promise<T> => make(kept ?? args);
    return expected(
      this.trace.contention.call(this.raw, isWrite, (isAgain) =>
        this.trace.call(text, isAgain ? again : () => make(args), kind),
      ),
    );
  }
}

/** A deep copy; `undefined` of what cannot be copied, which is refused by the store anyway. */
function copyOf<T>(value: T): T | undefined {
  try {
    return structuredClone(value);
  } catch {
    return undefined;
  }
}

/** Whoever awaits it gets the rejection; one that nobody awaits yet, or any more, is no stray. */
export function expected<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}

/** A handle that commits where a rule says persist, and reads with `loadVersioned` where it says load. */
export class CommittingSubject extends Subject {
  override load(type: string, id: string): Promise<unknown> {
    // What is not `null` and has no state must not pass for an absent instance.
    return expected(this.loadVersioned(type, id).then((loaded) => (loaded === null ? null : loaded.state)));
  }

  override persist(type: string, id: string, diff: unknown, full: unknown): Promise<void> {
    return expected(this.commit([{ type, id, diff, full } as Write]).then(() => undefined));
  }
}
