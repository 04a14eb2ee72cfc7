import { setImmediate as nextTurn } from 'node:timers/promises';
import { BaseStore, type CapturedWrite } from './base-store';
import { captureState, type StatePlace } from './capture-state';
import { instanceKey } from './check-key';
import type {
  CaptureHint,
  CommitResult,
  Hint,
  JsonObject,
  ListOptions,
  Loaded,
  RemoveOptions,
  StoreCapabilities,
  Write,
} from './index';

/** An adapter whose every answer takes a random number of turns: BaseStore has to keep the order. */
class SlowStore extends BaseStore<string> {
  readonly capabilities: StoreCapabilities = Object.freeze({
    atomic: 'multi',
    idempotency: false,
    watch: 'process',
    durability: 'none',
  });
  readonly log: string[] = [];
  readonly rows = new Map<string, string>();
  readonly events = new Map<string, number[]>();
  failOpen = 0;
  breakWith: unknown;

  protected override capture(full: unknown, place: StatePlace): string {
    return captureState(full, place);
  }
  protected override async open(): Promise<void> {
    this.log.push('open');
    await nextTurn();
    if (this.failOpen-- > 0) throw new Error('cannot open');
  }
  protected override async readLoaded(type: string, id: string): Promise<Loaded | null> {
    await this.#turns();
    if (this.breakWith !== undefined) throw this.breakWith;
    const text = this.rows.get(instanceKey(type, id));
    return text === undefined ? null : { state: JSON.parse(text) as JsonObject, rev: 1, epoch: 'e' };
  }
  protected override async write(
    writes: readonly CapturedWrite<string>[],
    eventId: string | undefined,
  ): Promise<CommitResult> {
    await this.#turns();
    if (eventId !== undefined) this.events.set(eventId, [1]);
    for (const { type, id, full } of writes) {
      if (full === null) this.rows.delete(instanceKey(type, id));
      else this.rows.set(instanceKey(type, id), full);
      this.emit({ type, id, rev: 1, removed: full === null });
    }
    this.log.push('written');
    return { status: 'committed', revs: writes.map(() => 1) };
  }
  remove(type: string, id: string, options?: RemoveOptions): Promise<boolean> {
    return this.removeInstance(type, id, options);
  }
  list(type: string, options?: ListOptions): Promise<string[]> {
    return this.listIds(type, options, async () => {
      await this.#turns();
      const prefix = instanceKey(type, '');
      return [...this.rows.keys()]
        .filter((key) => key.startsWith(prefix))
        .map((key) => key.slice(prefix.length));
    });
  }
  types(options?: ListOptions): Promise<string[]> {
    return this.listTypes(options, () => [...new Set([...this.rows.keys()].map((key) => key.slice(2, 3)))]);
  }
  watch(listener: (hint: Hint) => void): Promise<() => Promise<void>> {
    return this.subscribe(listener);
  }
  findEvent(eventId: string): Promise<CommitResult | null> {
    return this.lookUpEvent(eventId, (known) => this.events.get(known));
  }
  protected override shutdown(): void {
    this.log.push('shutdown');
  }
  protected override watching(active: boolean): void {
    this.log.push(active ? 'watching' : 'not watching');
  }

  async #turns(): Promise<void> {
    for (let i = Math.floor(Math.random() * 4); i > 0; i--) await nextTurn();
  }
}

/** A {@link SlowStore} that records event ids. */
class RecordingStore extends SlowStore {
  override readonly capabilities: StoreCapabilities = Object.freeze({
    atomic: 'multi',
    idempotency: true,
    watch: 'process',
    durability: 'none',
  });
}

/** An adapter with no more than it must have. */
class BareStore extends BaseStore<string> {
  readonly capabilities: StoreCapabilities = Object.freeze({
    atomic: 'instance',
    idempotency: false,
    watch: 'none',
    durability: 'none',
  });
  readonly hints: CaptureHint[] = [];

  protected override capture(full: unknown, place: StatePlace, hint: CaptureHint): string {
    this.hints.push(hint);
    return captureState(full, place);
  }
  protected override readLoaded(): null {
    return null;
  }
  protected override write(writes: readonly CapturedWrite<string>[]): CommitResult {
    return { status: 'committed', revs: writes.map(() => 1) };
  }
  protected override shutdown(): void {}
}

describe('BaseStore', () => {
  it('applies unawaited calls on one instance in call order, loads included', async () => {
    const store = new SlowStore();
    const seen: unknown[] = [];
    const calls: Promise<unknown>[] = [];
    for (let n = 0; n < 30; n++) {
      calls.push(store.persist('T', 'a', {}, { n }));
      calls.push(store.commit([{ type: 'T', id: 'b', diff: {}, full: { n } }]));
      calls.push(store.load('T', n % 2 ? 'a' : 'b').then((state) => seen.push((state as { n: number }).n)));
    }
    await Promise.all(calls);
    expect(seen.sort((a, b) => Number(a) - Number(b))).toEqual(Array.from({ length: 30 }, (_, n) => n));
  });

  it('lists what was called before, awaited or not', async () => {
    for (let round = 0; round < 20; round++) {
      const store = new SlowStore();
      const calls = [
        store.persist('T', 'a', {}, {}),
        store.commit([{ type: 'T', id: 'b', diff: {}, full: {} }]),
      ];
      const [ids, types] = await Promise.all([store.list('T'), store.types(), ...calls]);
      expect([ids.sort(), types]).toEqual([['a', 'b'], ['T']]);
      const [left] = await Promise.all([store.list('T'), store.persist('U', 'c', {}, {})]);
      expect(left.sort()).toEqual(['a', 'b']);
      const [rest] = await Promise.all([(void store.remove('T', 'a'), store.list('T'))]);
      expect(rest).toEqual(['b']);
    }
  });

  it('finds an event that was committed before, awaited or not', async () => {
    const store = new RecordingStore();
    const [, found] = await Promise.all([
      store.commit([{ type: 'T', id: 'a', diff: {}, full: {} }], { eventId: 'e' }),
      store.findEvent('e'),
    ]);
    expect(found).toEqual({ status: 'committed', revs: [1] });
    expect(await store.findEvent('other')).toBeNull();
    await expect(store.findEvent('')).rejects.toMatchObject({ code: 'STORE_INVALID_ARGUMENT' });
  });

  it('has none of the optional methods that the adapter does not declare', () => {
    const store = new BareStore();
    for (const name of ['remove', 'list', 'types', 'watch', 'findEvent', 'plan']) {
      expect(name in store).toBe(false);
    }
  });

  it("refuses several instances in one commit of a store that is atomic: 'instance'", async () => {
    const store = new BareStore();
    const writes = ['a', 'b'].map((id) => ({ type: 'T', id, diff: {}, full: {} }));
    await expect(store.commit(writes)).rejects.toMatchObject({ code: 'STORE_UNSUPPORTED' });
    await expect(store.commit(writes.slice(1))).resolves.toMatchObject({ status: 'committed' });
  });

  it('passes on the diff as a hint when it captures', async () => {
    const store = new BareStore();
    const diff = { n: 1 };
    await store.persist('T', 'a', diff, { n: 1 });
    await store.commit([{ type: 'T', id: 'a', diff, full: { n: 1 } }]);
    expect(store.hints.map((hint) => hint.diff === diff)).toEqual([true, true]);
  });

  it('opens with the first call, once, and again after a failure', async () => {
    const store = new SlowStore();
    store.failOpen = 1;
    expect(store.log).toEqual([]);
    const [first, second] = await Promise.allSettled([store.load('T', 'a'), store.load('T', 'b')]);
    expect(first).toMatchObject({ status: 'rejected', reason: { code: 'STORE_IO', type: 'T', id: 'a' } });
    expect(second.status).toBe('rejected');
    await Promise.all([store.load('T', 'a'), store.load('T', 'b')]);
    expect(store.log).toEqual(['open', 'open']);
  });

  it('lets no call overtake those that wait for opening', async () => {
    const store = new SlowStore();
    const gate = Promise.withResolvers<void>();
    jest.spyOn(store as unknown as { open(): Promise<void> }, 'open').mockReturnValue(gate.promise);
    const first = store.persist('T', 'a', {}, { n: 1 });
    // Runs when the store has opened and before the first call has gone on.
    const second = gate.promise.then(() => store.load('T', 'a') as Promise<unknown>);
    gate.resolve();
    expect(await second).toEqual({ n: 1 });
    await first;
  });

  it('captures when the call is made, reading each property of a write once', async () => {
    const store = new SlowStore();
    const reads: string[] = [];
    const full = { n: 1 };
    const write = new Proxy({ type: 'T', id: 'a', diff: {}, full } as Write, {
      get(object, key) {
        reads.push(String(key));
        return Reflect.get(object, key) as unknown;
      },
    });
    const done = store.commit([write]);
    full.n = 2;
    await done;
    expect(await store.load('T', 'a')).toEqual({ n: 1 });
    expect([...reads].sort()).toEqual([...new Set(reads)].sort());
  });

  it.each<[string, (store: SlowStore) => Promise<unknown>, string]>([
    ['an empty type', (s) => s.load('', 'a'), 'STORE_INVALID_KEY'],
    ['a number as id', (s) => s.load('T', 1 as never), 'STORE_INVALID_KEY'],
    ['a lone surrogate', (s) => s.persist('T', '\ud800', {}, {}), 'STORE_INVALID_KEY'],
    ['a lone surrogate in a type', (s) => s.list('\udc00'), 'STORE_INVALID_KEY'],
    ['a state that is null', (s) => s.persist('T', 'a', {}, null), 'STORE_INVALID_STATE'],
    ['writes that are no array', (s) => s.commit({} as never), 'STORE_INVALID_ARGUMENT'],
    ['a write that is null', (s) => s.commit([null as never]), 'STORE_INVALID_ARGUMENT'],
    ['a negative ifRev', (s) => s.remove('T', 'a', { ifRev: -1 }), 'STORE_INVALID_ARGUMENT'],
    ['a string as ifRev', (s) => s.remove('T', 'a', { ifRev: '1' as never }), 'STORE_INVALID_ARGUMENT'],
    ['an eventId it cannot record', (s) => s.commit([], { eventId: 'e' }), 'STORE_UNSUPPORTED'],
    ['a limit of 0', (s) => s.list('T', { limit: 0 }), 'STORE_INVALID_ARGUMENT'],
    ['a limit of 10,001', (s) => s.list('T', { limit: 10_001 }), 'STORE_INVALID_ARGUMENT'],
    ['an after that is no string', (s) => s.list('T', { after: 1 as never }), 'STORE_INVALID_ARGUMENT'],
    ['types after a number', (s) => s.types({ after: 1 as never }), 'STORE_INVALID_ARGUMENT'],
    ['a search for an event it cannot record', (s) => s.findEvent('e'), 'STORE_UNSUPPORTED'],
    ['a listener that is no function', (s) => s.watch({} as never), 'STORE_INVALID_ARGUMENT'],
  ])('refuses %s by rejecting, never by throwing', async (_name, call, code) => {
    const store = new SlowStore();
    await expect(call(store)).rejects.toMatchObject({ name: 'StoreError', code });
    expect(store.log).toEqual([]);
  });

  it('refuses properties that a write or an option does not have, and names those that there are', async () => {
    const store = new SlowStore();
    const write = { type: 'T', id: 'a', diff: {}, full: { n: 1 } };
    const misspelt = store.commit([write, { ...write, id: 'b', ifrev: 3 } as Write]);
    await expect(misspelt).rejects.toMatchObject({
      code: 'STORE_INVALID_ARGUMENT',
      index: 1,
      message:
        'Unknown property "ifrev" of writes[1]. Did you mean "ifRev"? Properties: type, id, diff, full, ifRev.',
    });
    await expect(store.commit([write], { eventID: 'e' } as never)).rejects.toMatchObject({
      code: 'STORE_INVALID_ARGUMENT',
      message: 'Unknown option "eventID" of commit. Did you mean "eventId"? Options: eventId.',
    });
    await expect(store.remove('T', 'a', { ifrev: 1 } as never)).rejects.toThrow('Options: ifRev.');
    expect(store.log).toEqual([]);
    await store.commit([{ ...write, ifRev: undefined }], { eventId: undefined });
  });

  it('refuses the same instance twice in a commit, with the index', async () => {
    const write = { type: 'T', id: 'a', diff: {}, full: {} };
    await expect(new SlowStore().commit([write, { ...write, id: 'b' }, { ...write }])).rejects.toMatchObject({
      code: 'STORE_INVALID_ARGUMENT',
      index: 2,
    });
  });

  it('turns a native error into a StoreError that keeps it as its cause', async () => {
    const store = new SlowStore();
    store.breakWith = new Error('disk on fire: {"secret":1}');
    await expect(store.load('T', 'a')).rejects.toMatchObject({ code: 'STORE_IO', cause: store.breakWith });
    await expect(store.load('T', 'a')).rejects.not.toThrow('secret');
  });

  it('closes once, after what is in flight, and then refuses', async () => {
    const store = new SlowStore();
    const write = store.persist('T', 'a', {}, { n: 1 });
    const [one, two] = [store.close(), store.close()];
    await expect(store.load('T', 'a')).rejects.toMatchObject({ code: 'STORE_CLOSED' });
    await Promise.all([write, one, two, store[Symbol.asyncDispose]()]);
    expect(store.log).toEqual(['open', 'written', 'shutdown']);
  });

  it('closes without opening when nothing was called', async () => {
    const store = new SlowStore();
    await store.close();
    expect(store.log).toEqual([]);
  });

  it('gives each listener its own hint, and survives one that throws', async () => {
    const store = new SlowStore();
    const hints: Hint[] = [];
    const warn = jest.spyOn(process, 'emitWarning').mockReturnValue();
    const stop = [
      await store.watch((hint) => {
        hint.rev = 99;
        throw new Error('bad listener');
      }),
      await store.watch((hint) => hints.push(hint)),
    ];
    await store.persist('T', 'a', {}, {});
    expect(hints).toEqual([{ type: 'T', id: 'a', rev: 1, removed: false }]);
    expect(warn.mock.calls).toEqual([
      [expect.any(String), expect.objectContaining({ code: 'NASC_WATCH_LISTENER' })],
    ]);
    warn.mockRestore();
    for (const end of [...stop, ...stop]) await end();
    await store.persist('T', 'a', {}, {});
    expect(hints).toHaveLength(1);
    expect(store.log).toEqual(['open', 'watching', 'written', 'not watching', 'written']);
  });

  it('tells who watches when watching cannot begin, and tries again for the next', async () => {
    const store = new SlowStore();
    const watching = jest.spyOn(store as unknown as { watching(active: boolean): Promise<void> }, 'watching');
    watching.mockRejectedValueOnce(new Error('no'));
    const hints: Hint[] = [];
    await expect(store.watch((hint) => hints.push(hint))).rejects.toMatchObject({ code: 'STORE_IO' });
    await store.persist('T', 'a', {}, {});
    expect(hints).toEqual([]);
    await store.watch((hint) => hints.push(hint));
    await store.persist('T', 'a', {}, {});
    expect(hints).toHaveLength(1);
    expect(watching.mock.calls).toEqual([[true], [true]]);
  });

  it('starts and stops watching one after the other, and ends as the last call has it', async () => {
    const store = new SlowStore();
    const gate = Promise.withResolvers<void>();
    const end = await store.watch(() => undefined);
    const watching = jest.spyOn(store as unknown as { watching(active: boolean): Promise<void> }, 'watching');
    watching.mockReturnValueOnce(gate.promise);
    const ending = end();
    const again = store.watch(() => undefined);
    gate.resolve();
    await Promise.all([ending, again]);
    expect(watching.mock.calls).toEqual([[false], [true]]);
  });

  it('gives up its storage also when watching cannot be ended', async () => {
    const store = new SlowStore();
    await store.watch(() => undefined);
    jest
      .spyOn(store as unknown as { watching(active: boolean): Promise<void> }, 'watching')
      .mockRejectedValue(new Error('no'));
    await expect(store.close()).rejects.toThrow('no');
    expect(store.log.at(-1)).toBe('shutdown');
  });
});
