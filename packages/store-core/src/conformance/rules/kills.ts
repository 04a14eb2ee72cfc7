import { exactText } from '../exact-text';
import { expectSame, fail } from '../expect';
import { Inconclusive } from '../failure';
import type { Rule } from '../rule';
import { rejection, type RuleContext } from '../rule-context';
import type { Subject } from '../subject';
import { BOARD, DOC, LIST } from '../suite-schema';
import { pause } from '../turns';
import { write } from './write';

/** One instance and its n-th state. */
interface Part {
  readonly type: string;
  readonly id: string;
  state(n: number): object;
}

/** Instances that are written together, again and again; the n-th write has the n-th states. */
interface Lane {
  readonly name: string;
  readonly parts: readonly Part[];
}

/** U3, U4, U5 and U7: a process is killed while it writes, at moments that the seed chooses. */
export const killRules: readonly Rule[] = [
  {
    id: 'U3',
    title: 'after SIGKILL, a state is the last acknowledged one or the one in flight',
    needs: ['durable', 'module'],
    patience: 4,
    async check(t) {
      const run = new KillRun(
        t,
        [0, 1, 2, 3].map((i) => lane(`u3-${i}`, [DOC], (n) => ({ n }))),
      );
      for (let round = 0; round < 6; round++) {
        await run.writeAndKill();
        await run.compare();
      }
    },
  },
  {
    id: 'U4',
    title: 'after SIGKILL, no state is torn, its children included',
    needs: ['durable', 'module'],
    patience: 4,
    async check(t) {
      const run = new KillRun(t, [lane('u4-list', [LIST], listOf), lane('u4-board', [BOARD], boardOf)]);
      for (let round = 0; round < 6; round++) {
        await run.writeAndKill();
        await run.compare();
      }
    },
  },
  {
    id: 'U5',
    title: 'a process that is killed while it recovers loses nothing either',
    needs: ['durable', 'module'],
    patience: 4,
    async check(t) {
      const run = new KillRun(t, [lane('u5-doc', [DOC], (n) => ({ n })), lane('u5-list', [LIST], listOf)]);
      for (let round = 0; round < 3; round++) {
        await run.writeAndKill();
        for (let kill = 0; kill < 2; kill++) await run.openAndKill();
        await run.compare();
      }
    },
  },
  {
    id: 'U7',
    title: 'after SIGKILL, a commit of several instances is there whole or not at all',
    needs: ['durable', 'multi', 'module'],
    patience: 4,
    async check(t) {
      const types = [DOC, LIST, DOC];
      const run = new KillRun(
        t,
        [0, 1].map((i) => lane(`u7-${i}`, types, listOf)),
      );
      for (let round = 0; round < 6; round++) {
        await run.writeAndKill();
        await run.compare();
      }
    },
  },
];

function lane(name: string, types: readonly string[], state: (n: number) => object): Lane {
  return {
    name,
    parts: types.map((type, i) => ({ type, id: types.length > 1 ? `${name}-${i}` : name, state })),
  };
}

/** Of very different sizes, from one n to the next. */
function listOf(n: number): { id: string; title: string; items: object[] } {
  const items = Array.from({ length: 2 + ((n * 7) % 30) }, (_, i) => ({
    id: `i${(i * 3 + n) % 91}`,
    title: `${n} `.repeat(1 + ((n * 31) % 200)),
    rank: n,
  }));
  return { id: 'l', title: String(n), items };
}

function boardOf(n: number): object {
  return {
    id: 'b',
    title: String(n),
    lists: [listOf(n), { ...listOf(n + 1), id: 'm' }],
    items: listOf(n).items,
  };
}

/** Writers that are killed, and what may be found after each. */
class KillRun {
  /** By lane: the last n that was acknowledged, and the last that was begun. */
  readonly #acknowledged = new Map<string, number>();
  readonly #begun = new Map<string, number>();

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
    await this.t.close(store);
    if (Math.max(...this.#acknowledged.values()) === 0) throw new Inconclusive('no write was acknowledged');
  }

  async #openAndRead(peer: Awaited<ReturnType<RuleContext['process']>>): Promise<void> {
    const store = await peer.open(await this.t.world());
    for (const { parts } of this.lanes) for (const { type, id } of parts) await store.load(type, id);
  }

  async #writeNext(store: Subject, { name, parts }: Lane): Promise<void> {
    const n = (this.#acknowledged.get(name) ?? 0) + 1;
    this.#begun.set(name, n);
    const [first] = parts as readonly [Part];
    if (parts.length === 1) await store.persist(first.type, first.id, {}, first.state(n));
    else
      await store.commit(parts.map(({ type, id, state }) => write(id, state(n) as never, undefined, type)));
    this.#acknowledged.set(name, n);
  }

  async #compareLane(store: Subject, { name, parts }: Lane): Promise<void> {
    const acknowledged = this.#acknowledged.get(name) ?? 0;
    const begun = this.#begun.get(name) ?? 0;
    const found = new Set<number>();
    for (const { type, id, state } of parts) {
      const text = exactText(await store.load(type, id));
      const textOf = (n: number): string => exactText(n === 0 ? null : state(n));
      const n = [begun, acknowledged].find((each) => textOf(each) === text);
      if (n === undefined) {
        const earlier = Array.from({ length: acknowledged }, (_, each) => each).some(
          (each) => textOf(each) === text,
        );
        fail('the state after SIGKILL', {
          got: text,
          want: begun === acknowledged ? textOf(begun) : `${textOf(acknowledged)} or ${textOf(begun)}`,
          cause: earlier
            ? 'A write is acknowledged before it is in the storage.'
            : 'A state is written in several steps, and not in one transaction or by renaming a whole file.',
        });
      }
      found.add(n);
      if (this.t.capabilities !== undefined && n > 0) {
        expectSame((await store.loadVersioned(type, id))?.rev, n, 'the rev after SIGKILL, of n writes');
      }
    }
    if (found.size > 1) {
      fail('a commit of several instances must be whole after SIGKILL', {
        got: `some as of write ${Math.min(...found)}, some as of write ${Math.max(...found)}`,
        cause: 'Each instance is written in a transaction of its own.',
      });
    }
    const [n = 0] = found;
    this.#acknowledged.set(name, n);
    this.#begun.set(name, n);
  }
}

/** Let a part of the next write pass, more finely than timers can. */
function spin(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}
