import type { Write } from '../../store';
import { exactText } from '../exact-text';
import { expectSame, fail } from '../expect';
import { Inconclusive } from '../failure';
import { cut } from '../preview';
import { rejection, type RuleContext } from '../rule-context';
import type { Subject } from '../subject';
import { DOC } from '../suite-schema';
import { pause } from '../turns';
import { write } from './write';

/** One instance and its n-th state; `null` where the n-th write removes it. */
interface Part {
  readonly type: string;
  readonly id: string;
  state(n: number): object | null;
}

/** Instances that are written together, again and again; the n-th write has the n-th states. */
export interface Lane {
  readonly name: string;
  readonly parts: readonly Part[];
  /** Whether it needs `commit`. */
  readonly commits: boolean;
  /** The name of the n-th commit. */
  eventOf?(n: number): string;
}

export function lane(name: string, types: readonly string[], state: Part['state']): Lane {
  const parts = types.map((type, i) => ({ type, id: types.length > 1 ? `${name}-${i}` : name, state }));
  return { name, parts, commits: parts.length > 1 || state(3) === null };
}

/** A lane whose commits have event ids: for stores with `idempotency`. */
export function eventLane(name: string, types: readonly string[], state: Part['state']): Lane {
  return { ...lane(name, types, state), commits: true, eventOf: (n) => `${name}-${n}` };
}

/** Writers that are killed, and what may be found after each. */
export class KillRun {
  /** By lane: the last n that was acknowledged, and the last that was begun. */
  readonly #acknowledged = new Map<string, number>();
  readonly #begun = new Map<string, number>();
  #epoch: string | undefined;

  constructor(
    private readonly t: RuleContext,
    private readonly lanes: readonly Lane[],
  ) {}

  /** Write in another process, all lanes at once, and kill it after some acknowledgements. */
  async writeAndKill(): Promise<void> {
    const { t } = this;
    const peer = await t.process();
    const store = await t.openIn(peer);
    const acknowledgements = 1 + t.random.below(25);
    let seen = 0;
    let stopped = false;
    const { promise: enough, resolve } = Promise.withResolvers<void>();
    const writing = this.lanes.map(async (each) => {
      while (!stopped) {
        await this.#writeNext(store, each);
        if (++seen >= acknowledgements) resolve();
      }
    });
    const failed = Promise.all(writing.map((each) => rejection(each)));
    // A writer that is refused ends the wait, too.
    await Promise.race([enough, ...writing]);
    // While they go on writing.
    await this.#compareEpoch(store);
    spin(t.random.next() * 4);
    await t.kill(peer, store);
    stopped = true;
    await failed;
    t.trace.clear();
  }

  /** Let another process open and read what was left, and kill it meanwhile. */
  async openAndKill(): Promise<void> {
    const { t } = this;
    const peer = await t.process();
    const opening = rejection(this.#openAndRead(peer));
    await pause(t.random.next() * 20);
    await t.kill(peer);
    await opening;
    t.trace.clear();
  }

  /** What is there must be what was acknowledged, or what was in flight; go on from that. */
  async compare(): Promise<void> {
    const store = await this.t.open();
    for (const each of this.lanes) await this.#compareLane(store, each);
    await this.#compareEpoch(store);
    if (typeof store.raw.list === 'function') await this.#compareList(store);
    for (const each of this.lanes)
      if (each.eventOf !== undefined) await this.#sendAgain(store, each, each.eventOf);
    for (const { name } of this.lanes) this.#begun.set(name, this.#acknowledged.get(name) ?? 0);
    await this.t.close(store);
    if (Math.max(...this.#acknowledged.values()) === 0) throw new Inconclusive('no write was acknowledged');
  }

  async #openAndRead(peer: Awaited<ReturnType<RuleContext['process']>>): Promise<void> {
    const store = await peer.open(await this.t.world());
    for (const { parts } of this.lanes) for (const { type, id } of parts) await store.load(type, id);
  }

  async #writeNext(store: Subject, each: Lane): Promise<void> {
    const { name, parts, commits, eventOf } = each;
    const n = (this.#acknowledged.get(name) ?? 0) + 1;
    this.#begun.set(name, n);
    const [first] = parts as readonly [Part];
    if (!commits) await store.persist(first.type, first.id, {}, first.state(n));
    else {
      const { revs } = await store.commit(writesOf(each, n), eventOf && { eventId: eventOf(n) });
      const cause = 'What is known of removed instances is lost with the process.';
      expectSame(
        revs,
        parts.map(() => n),
        `the revs of commit ${n} of ${name}`,
        cause,
      );
    }
    this.#acknowledged.set(name, n);
  }

  async #compareLane(store: Subject, { name, parts }: Lane): Promise<void> {
    const acknowledged = this.#acknowledged.get(name) ?? 0;
    const begun = this.#begun.get(name) ?? 0;
    const found = new Set<number>();
    for (const part of parts) {
      const n = await this.#writeThatLeft(store, part, acknowledged, begun);
      found.add(n);
      await this.#compareVersion(store, part, n);
    }
    if (found.size > 1) {
      fail('a commit of several instances must be whole after SIGKILL', {
        got: `some as of write ${Math.min(...found)}, some as of write ${Math.max(...found)}`,
        cause: 'Each instance is written in a transaction of its own.',
      });
    }
    const [n = 0] = found;
    this.#acknowledged.set(name, n);
  }

  /** The write whose state is there: the last acknowledged one, or the one in flight. */
  async #writeThatLeft(store: Subject, part: Part, acknowledged: number, begun: number): Promise<number> {
    const text = exactText(await store.load(part.type, part.id));
    const textOf = (n: number): string => exactText(n === 0 ? null : part.state(n));
    const n = [begun, acknowledged].find((each) => textOf(each) === text);
    if (n !== undefined) return n;
    const isEarlier = Array.from({ length: acknowledged }, (_, each) => each).some(
      (each) => textOf(each) === text,
    );
    return fail('the state after SIGKILL', {
      got: cut(text),
      want:
        begun === acknowledged ? cut(textOf(begun)) : `${cut(textOf(acknowledged))} or ${cut(textOf(begun))}`,
      cause: isEarlier
        ? 'A write is acknowledged before it is in the storage.'
        : 'A state is written in several steps, and not in one transaction or by renaming a whole file.',
    });
  }

  async #compareVersion(store: Subject, { type, id, state }: Part, n: number): Promise<void> {
    if (this.t.capabilities === undefined || n === 0 || state(n) === null) return;
    const loaded = await store.loadVersioned(type, id);
    expectSame(loaded?.rev, n, 'the rev after SIGKILL, of n writes');
  }

  /** The epoch is that of the storage, in each process. */
  async #compareEpoch(store: Subject): Promise<void> {
    if (this.t.capabilities === undefined) return;
    for (const { type, id } of this.lanes.flatMap(({ parts }) => parts)) {
      const loaded = await store.loadVersioned(type, id);
      this.#epoch ??= loaded?.epoch;
      const cause = 'It is written down when a handle is closed, or is made by each process.';
      if (loaded !== null) expectSame(loaded.epoch, this.#epoch, 'the epoch after SIGKILL', cause);
    }
  }

  /** Exactly what can be loaded is listed. */
  async #compareList(store: Subject): Promise<void> {
    const live: string[] = [];
    for (const { type, id } of this.lanes.flatMap(({ parts }) => parts))
      if (type === DOC && (await store.load(DOC, id)) !== null) live.push(id);
    const cause = 'The ids are kept apart from the states, and are not written with them.';
    expectSame(await store.list(DOC), live.toSorted(), 'list after SIGKILL', cause);
  }

  /** The event in flight is known if, and only if, its state is there. */
  async #sendAgain(store: Subject, each: Lane, eventOf: (n: number) => string): Promise<void> {
    const begun = this.#begun.get(each.name) ?? 0;
    if (begun === 0) return;
    const isThere = this.#acknowledged.get(each.name) === begun;
    const { status } = await store.commit(writesOf(each, begun), { eventId: eventOf(begun) });
    const what = `the result of the event in flight, sent again, whose state ${isThere ? 'is' : 'is not'} there`;
    const cause = 'The event is recorded in another transaction than the state.';
    expectSame(status, isThere ? 'duplicate' : 'committed', what, cause);
    this.#acknowledged.set(each.name, begun);
  }
}

function writesOf({ parts }: Lane, n: number): Write[] {
  return parts.map(({ type, id, state }) => write(id, state(n), undefined, type));
}

/** Let a part of the next write pass, more finely than timers can. */
function spin(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}
