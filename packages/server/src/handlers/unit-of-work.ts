import { diffState, instanceKey, type JsonObject } from '@nasc/store-core';
import { copyState } from '../instances/copy-state';
import { HandlerMistake } from '../instances/engine-error';
import type { HandlerContext } from './handler';
import type { Change, InstanceStore, Snapshot } from '../instances/instance-store';

/** What one run of a handler reads and writes apart from its own instance. Every run gets a new one. */
export class UnitOfWork implements HandlerContext {
  /** What to call once the commit is durable. */
  readonly effects: (() => unknown)[] = [];
  readonly #store: InstanceStore;
  readonly #reads = new Map<string, Snapshot | null>();
  readonly #writes = new Map<string, { type: string; id: string; full: JsonObject | null }>();
  #ended = false;

  constructor(
    store: InstanceStore,
    readonly type: string,
    readonly id: string,
    readonly event: string,
  ) {
    this.#store = store;
  }

  async get<State extends object = JsonObject>(type: string, id: string): Promise<State | null> {
    this.#check();
    const written = this.#writes.get(instanceKey(type, id));
    const state = written === undefined ? ((await this.#read(type, id))?.state ?? null) : written.full;
    return copyState(state) as State | null;
  }

  set(type: string, id: string, state: object): void {
    this.#check();
    if (this.#isOwn(type, id))
      throw new HandlerMistake(
        'ctx.set is for other instances. Return the next state of the own instance instead.',
      );
    // Whether it is a JSON object is for the store to check, as with every state.
    this.#writes.set(instanceKey(type, id), { type, id, full: copyState(state) as JsonObject });
  }

  remove(type: string, id: string): void {
    this.#check();
    this.#writes.set(instanceKey(type, id), { type, id, full: null });
  }

  afterCommit(effect: () => unknown): void {
    this.#check();
    this.effects.push(effect);
  }

  /** Whether the handler removed its own instance. */
  get removesItself(): boolean {
    return this.#writes.has(instanceKey(this.type, this.id));
  }

  /** Refuse further calls: the handler has returned. */
  end(): void {
    this.#ended = true;
  }

  /**
   * All changes, the own instance first.
   *
   * @param current the own state before the event.
   * @param next the own state after it; `null` removes.
   */
  async changes(current: Snapshot, next: JsonObject | null): Promise<[Change, ...Change[]]> {
    const { type, id } = this;
    const own = changeOf(type, id, current, next, current.version.rev);
    const others = [...this.#writes.values()].filter((write) => !this.#isOwn(write.type, write.id));
    const rest = others.map(async (write) => {
      const key = instanceKey(write.type, write.id);
      const wasRead = this.#reads.has(key);
      const before = await this.#read(write.type, write.id);
      const rev = before?.version.rev ?? 0;
      return changeOf(write.type, write.id, before, write.full, wasRead ? rev : undefined);
    });
    return [own, ...(await Promise.all(rest))];
  }

  async #read(type: string, id: string): Promise<Snapshot | null> {
    const key = instanceKey(type, id);
    const known = this.#reads.get(key);
    if (known !== undefined) return known;
    const snapshot = await this.#store.load(type, id);
    this.#reads.set(key, snapshot);
    return snapshot;
  }

  #isOwn(type: string, id: string): boolean {
    return type === this.type && id === this.id;
  }

  #check(): void {
    if (this.#ended)
      throw new HandlerMistake('ctx was used after the handler returned. Did you forget an await?');
  }
}

function changeOf(
  type: string,
  id: string,
  before: Snapshot | null,
  full: JsonObject | null,
  ifRev: number | undefined,
): Change {
  const previous = before?.state ?? null;
  return { type, id, diff: diffState(previous ?? {}, full ?? {}), full, previous, ifRev };
}
