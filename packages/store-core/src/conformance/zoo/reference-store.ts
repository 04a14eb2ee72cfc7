import { BaseStore, type CapturedWrite } from '../../base-store';
import { captureState, type StatePlace } from '../../capture-state';
import { compareCodePoints } from '../../compare-code-points';
import type { JsonObject } from '../../json-value';
import type { CommitResult, Hint, ListOptions, Loaded, RemoveOptions, StoreCapabilities } from '../../store';
import { StoreError } from '../../store-error';
import type { ReferenceRow, ReferenceWorld } from './reference-world';

/** A write as the hooks of the reference get it. */
export type ZooWrite = CapturedWrite<string>;

/**
 * A whole and right store over a {@link ReferenceWorld}, in small steps: the broken stores of the zoo
 * override one of them. Slow where it may be: every call waits a little before it does something.
 */
export class ReferenceStore extends BaseStore<string> {
  readonly capabilities: StoreCapabilities = Object.freeze({
    atomic: 'multi',
    idempotency: true,
    watch: 'process',
    durability: 'fsync',
  });
  protected readonly tell = (hint: Hint): void => this.emit(hint);

  constructor(protected readonly world: ReferenceWorld) {
    super();
  }

  remove(type: string, id: string, options?: RemoveOptions): Promise<boolean> {
    return this.removeInstance(type, id, options);
  }

  list(type: string, options?: ListOptions): Promise<string[]> {
    return this.listIds(type, options, (after, limit) => this.readIds(type, after, limit));
  }

  types(options?: ListOptions): Promise<string[]> {
    return this.listTypes(options, (after, limit) => this.readTypes(after, limit));
  }

  watch(listener: (hint: Hint) => void): Promise<() => Promise<void>> {
    return this.subscribe(listener);
  }

  findEvent(eventId: string): Promise<CommitResult | null> {
    return this.lookUpEvent(eventId, (known) => this.revsOf(known));
  }

  protected override open(): Promise<void> | void {
    this.world.requireKnownFormat();
  }

  protected override capture(full: unknown, place: StatePlace): string {
    return captureState(full, place);
  }

  /** What names a row. */
  protected rowKey(type: string, id: string): string {
    return JSON.stringify([type, id]);
  }

  protected row(type: string, id: string): ReferenceRow | undefined {
    return this.world.rows.get(this.rowKey(type, id));
  }

  /** The state of a row's text; what is given is to be stored, see {@link ReferenceStore.put}. */
  protected decode(text: string): JsonObject {
    return JSON.parse(text) as JsonObject;
  }

  /** What is stored of a state's text. */
  protected encode(text: string, _write: ZooWrite): string {
    return text;
  }

  protected async latency(): Promise<void> {
    await Promise.resolve();
  }

  protected override async readLoaded(type: string, id: string): Promise<Loaded | null> {
    await this.latency();
    this.world.read();
    const row = this.row(type, id);
    if (row === undefined || row.text === null) return null;
    return { state: this.read(row), rev: row.rev, epoch: this.world.epoch };
  }

  /** The state of a row that has one. */
  protected read({ text, rev, type, id }: ReferenceRow): JsonObject {
    try {
      return this.decode(text ?? '');
    } catch (cause) {
      throw new StoreError('STORE_CORRUPT', 'The row cannot be read.', { type, id, rev, cause });
    }
  }

  protected override async write(
    writes: readonly ZooWrite[],
    eventId: string | undefined,
  ): Promise<CommitResult> {
    await this.latency();
    await this.world.unlocked();
    return this.commitNow(writes, eventId);
  }

  /** All of a commit, in one turn. */
  protected commitNow(writes: readonly ZooWrite[], eventId: string | undefined): CommitResult {
    const duplicate = this.duplicate(writes, eventId);
    if (duplicate !== undefined) return duplicate;
    for (const [index, write] of writes.entries()) this.compare(write, index);
    this.world.write(writes.map(({ full }) => full ?? ''));
    const revs = writes.map((write) => this.put(write));
    this.remember(writes, revs, eventId);
    this.hint(writes, revs);
    return { status: 'committed', revs };
  }

  /** What to answer when the event is known. */
  protected duplicate(writes: readonly ZooWrite[], eventId: string | undefined): CommitResult | undefined {
    const event = eventId === undefined ? undefined : this.world.events.get(eventId);
    if (event === undefined) return undefined;
    const keys = writes.map(({ type, id }) => this.rowKey(type, id));
    if (keys.join() !== event.keys.join()) {
      throw new StoreError('STORE_INVALID_ARGUMENT', 'The event was committed with other instances.');
    }
    return { status: 'duplicate', revs: [...event.revs] };
  }

  /** Refuse a write whose `ifRev` is stale. */
  protected compare({ type, id, ifRev: expected }: ZooWrite, index: number): void {
    const row = this.row(type, id);
    const actual = row === undefined || row.text === null ? 0 : row.rev;
    if (expected === undefined || expected === actual) return;
    throw new StoreError('STORE_CONFLICT', 'The rev is another one.', { type, id, index, expected, actual });
  }

  /** Make one write. @returns the rev taken. */
  protected put(write: ZooWrite): number {
    const { type, id, full } = write;
    const before = this.row(type, id);
    if (full === null && (before === undefined || before.text === null)) return 0;
    const rev = (before?.rev ?? 0) + 1;
    const text = full === null ? null : this.encode(full, write);
    this.world.rows.set(this.rowKey(type, id), { type, id, text, rev });
    return rev;
  }

  protected remember(
    writes: readonly ZooWrite[],
    revs: readonly number[],
    eventId: string | undefined,
  ): void {
    if (eventId === undefined) return;
    const keys = writes.map(({ type, id }) => this.rowKey(type, id));
    this.world.events.set(eventId, { keys, revs: [...revs] });
  }

  protected hint(writes: readonly ZooWrite[], revs: readonly number[]): void {
    for (const [i, { type, id, full }] of writes.entries()) {
      const rev = revs[i] ?? 0;
      if (rev > 0) for (const tell of this.world.listeners) tell({ type, id, rev, removed: full === null });
    }
  }

  protected async readIds(type: string, after: string | undefined, limit: number): Promise<string[]> {
    await this.latency();
    this.world.read();
    const live = [...this.world.rows.values()].filter((row) => row.type === type && this.isListed(row));
    const ids = live.map(({ id }) => id).sort((a, b) => this.order(a, b));
    return this.page(ids, after, limit);
  }

  protected async readTypes(after: string | undefined, limit: number): Promise<string[]> {
    await this.latency();
    this.world.read();
    const live = [...this.world.rows.values()].filter((row) => this.isListed(row));
    const types = [...new Set(live.map(({ type }) => type))].sort((a, b) => this.order(a, b));
    return this.page(types, after, limit);
  }

  /** The revs that an event gave when it was committed first. */
  protected async revsOf(eventId: string): Promise<readonly number[] | undefined> {
    await this.latency();
    this.world.read();
    return this.world.events.get(eventId)?.revs;
  }

  protected isListed({ text }: ReferenceRow): boolean {
    return text !== null;
  }

  protected order(a: string, b: string): number {
    return compareCodePoints(a, b);
  }

  protected page(ids: readonly string[], after: string | undefined, limit: number): string[] {
    const rest = after === undefined ? ids : ids.filter((id) => this.order(id, after) > 0);
    return rest.slice(0, limit);
  }

  protected override watching(active: boolean): void {
    if (active) this.world.listeners.add(this.tell);
    else this.world.listeners.delete(this.tell);
  }

  protected override shutdown(): Promise<void> | void {}
}
