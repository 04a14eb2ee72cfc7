import {
  BaseStore,
  captureState,
  checkOptions,
  compareCodePoints,
  decideCommit,
  hintsOf,
  makeCommit,
  timers,
  type CapturedWrite,
  type CommitResult,
  type CommitTable,
  type Hint,
  type JsonObject,
  type ListOptions,
  type Loaded,
  type RecordedWrite,
  type RemoveOptions,
  type StatePlace,
  type StoreCapabilities,
} from '@nasc/store-core';

/** Options of {@link MemoryStore}. */
export interface MemoryStoreOptions {
  /** Another handle on the same instances, events and revs as this store has. */
  shareWith?: MemoryStore | undefined;
  /** How long an event id is remembered, in milliseconds. Default: seven days. */
  eventRetention?: number | undefined;
  /**
   * How long the rev of a removed instance is remembered, in milliseconds. Default: thirty days. After
   * that a new instance, of whatever type and id, starts above it.
   */
  tombstoneRetention?: number | undefined;
}

const OPTIONS = ['shareWith', 'eventRetention', 'tombstoneRetention'] satisfies (keyof MemoryStoreOptions)[];

/** One instance: its JSON text, `null` once removed, and the last rev taken. */
interface Entry {
  readonly text: string | null;
  readonly rev: number;
}

/** What a recorded event did, and when (milliseconds of the process clock). */
interface RecordedEvent {
  readonly at: number;
  readonly writes: readonly RecordedWrite[];
}

/** When an instance was removed (milliseconds of the process clock). */
interface Tombstone {
  readonly at: number;
  readonly type: string;
  readonly id: string;
  readonly rev: number;
}

/** What handles share. A removed instance keeps its entry for a while: no rev is used twice. */
class Memory {
  readonly epoch = crypto.randomUUID();
  readonly types = new Map<string, Map<string, Entry>>();
  readonly events = new Map<string, RecordedEvent>();
  /** In the order of the removals. */
  readonly tombstones = new Set<Tombstone>();
  /** The highest rev of a tombstone that was forgotten. */
  floor = 0;
  readonly handles = new Set<(hint: Hint) => void>();
}

/**
 * A store in the memory of this process: for prototypes and tests, and the reference that the other
 * stores are held against. Everything of the contract but `plan`; nothing is left when the process
 * ends.
 */
export class MemoryStore extends BaseStore<string> {
  readonly capabilities: StoreCapabilities = Object.freeze({
    atomic: 'multi',
    idempotency: true,
    watch: 'process',
    durability: 'none',
  });

  protected override readonly keepsCallOrder = true;
  readonly #memory: Memory;
  readonly #eventRetention: number;
  readonly #tombstoneRetention: number;
  readonly #tell = (hint: Hint): void => this.emit(hint);
  readonly #table: CommitTable<string> = {
    revOf: (type, id) => this.#revOf(type, id),
    put: (write) => this.#put(write),
    findEvent: (eventId) => this.#event(eventId)?.writes,
    recordEvent: (eventId, writes) => void this.#memory.events.set(eventId, { at: timers.now(), writes }),
  };

  /** @throws TypeError naming the invalid or unknown option. */
  constructor(options: MemoryStoreOptions = {}) {
    super();
    checkOptions(options, OPTIONS);
    const { shareWith, eventRetention = 7 * DAY, tombstoneRetention = 30 * DAY } = options;
    if (shareWith !== undefined && !(#memory in Object(shareWith))) {
      throw new TypeError('shareWith must be a MemoryStore.');
    }
    if (!(eventRetention >= 0)) throw new TypeError('eventRetention must be a number of milliseconds.');
    if (!(tombstoneRetention >= 0))
      throw new TypeError('tombstoneRetention must be a number of milliseconds.');
    this.#memory = shareWith === undefined ? new Memory() : shareWith.#memory;
    this.#eventRetention = eventRetention;
    this.#tombstoneRetention = tombstoneRetention;
  }

  remove(type: string, id: string, options?: RemoveOptions): Promise<boolean> {
    return this.removeInstance(type, id, options);
  }

  list(type: string, options?: ListOptions): Promise<string[]> {
    return this.listIds(type, options, (after, limit) => page(this.#liveIds(type), after, limit));
  }

  types(options?: ListOptions): Promise<string[]> {
    return this.listTypes(options, (after, limit) => {
      const types = [...this.#memory.types.keys()].filter((type) => this.#liveIds(type).length > 0);
      return page(types, after, limit);
    });
  }

  watch(listener: (hint: Hint) => void): Promise<() => Promise<void>> {
    return this.subscribe(listener);
  }

  findEvent(eventId: string): Promise<CommitResult | null> {
    return this.lookUpEvent(eventId, (known) => this.#event(known)?.writes.map(({ rev }) => rev));
  }

  protected override capture(full: unknown, place: StatePlace): string {
    return captureState(full, place);
  }

  protected override readLoaded(type: string, id: string): Loaded | null {
    const { text, rev } = this.#entry(type, id);
    return text === null ? null : { state: JSON.parse(text) as JsonObject, rev, epoch: this.#memory.epoch };
  }

  protected override write(
    writes: readonly CapturedWrite<string>[],
    eventId: string | undefined,
  ): CommitResult {
    const duplicate = decideCommit(this.#table, writes, eventId);
    if (duplicate !== undefined) return duplicate;
    this.#forgetTombstones();
    const result = makeCommit(this.#table, writes, eventId);
    for (const hint of hintsOf(writes, result.revs)) {
      for (const tell of this.#memory.handles) tell(hint);
    }
    return result;
  }

  protected override watching(active: boolean): void {
    if (active) this.#memory.handles.add(this.#tell);
    else this.#memory.handles.delete(this.#tell);
  }

  protected override shutdown(): void {}

  #entry(type: string, id: string): Entry {
    return this.#memory.types.get(type)?.get(id) ?? { text: null, rev: 0 };
  }

  #revOf(type: string, id: string): number {
    const { text, rev } = this.#entry(type, id);
    return text === null ? 0 : rev;
  }

  #liveIds(type: string): string[] {
    const entries = [...(this.#memory.types.get(type) ?? [])];
    return entries.filter(([, { text }]) => text !== null).map(([id]) => id);
  }

  /** @returns the rev taken; 0 when what was to be removed is absent. */
  #put({ type, id, full }: CapturedWrite<string>): number {
    const before = this.#entry(type, id);
    if (full === null && before.text === null) return 0;
    let instances = this.#memory.types.get(type);
    if (instances === undefined) this.#memory.types.set(type, (instances = new Map<string, Entry>()));
    const rev = (instances.has(id) ? before.rev : this.#memory.floor) + 1;
    instances.set(id, { text: full, rev });
    if (full === null) this.#memory.tombstones.add({ at: timers.now(), type, id, rev });
    return rev;
  }

  #forgetTombstones(): void {
    const { tombstones, types } = this.#memory;
    for (const tombstone of tombstones) {
      const { at, type, id, rev } = tombstone;
      if (timers.now() - at <= this.#tombstoneRetention) break;
      tombstones.delete(tombstone);
      // Created again meanwhile, it has a later rev.
      if (types.get(type)?.get(id)?.rev !== rev) continue;
      types.get(type)?.delete(id);
      this.#memory.floor = Math.max(this.#memory.floor, rev);
    }
  }

  /** Forgets the events that are past their retention (the map is in order of time), then looks. */
  #event(eventId: string): RecordedEvent | undefined {
    const { events } = this.#memory;
    for (const [id, { at }] of events) {
      if (timers.now() - at <= this.#eventRetention) break;
      events.delete(id);
    }
    return events.get(eventId);
  }
}

const DAY = 24 * 3_600_000;

/** Up to `limit` entries after `after`, in code-point order. */
function page(entries: readonly string[], after: string | undefined, limit: number): string[] {
  const rest = after === undefined ? entries : entries.filter((entry) => compareCodePoints(entry, after) > 0);
  return rest.toSorted(compareCodePoints).slice(0, limit);
}
