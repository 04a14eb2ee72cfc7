import type { Rule } from '../rule';
import { BOARD, DOC, LIST } from '../suite-schema';
import { eventLane, KillRun, lane } from './kill-run';

/** U3, U4, U5 and U7: a process is killed while it writes, at moments that the seed chooses. */
export const killRules: readonly Rule[] = [
  {
    id: 'U3',
    title: 'after SIGKILL, a state is the last acknowledged one or the one in flight',
    needs: ['durable', 'module'],
    patience: 4,
    async check(t) {
      const plain = [0, 1, 2].map((i) => lane(`u3-${i}`, [DOC], (n) => ({ n })));
      const removing = lane('u3-removed', [DOC], (n) => (n % 3 === 0 ? null : { n }));
      const run = new KillRun(t, t.capabilities === undefined ? plain : [...plain, removing]);
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
      const run = new KillRun(t, [
        lane('u4-list', [LIST], listOf),
        lane('u4-board', [BOARD], boardOf),
        lane('u4-large', [DOC], (n) => ({ n, text: `${n % 10}`.repeat(100_000) })),
      ]);
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
    title: 'after SIGKILL, a commit of several instances is there whole or not at all, with its event',
    needs: ['durable', 'multi', 'module'],
    patience: 4,
    async check(t) {
      const types = [DOC, LIST, DOC];
      const lanes = [0, 1].map((i) => lane(`u7-${i}`, types, listOf));
      const event = eventLane('u7-event', [DOC], (n) => ({ n }));
      const run = new KillRun(t, t.capabilities?.idempotency === true ? [...lanes, event] : lanes);
      for (let round = 0; round < 6; round++) {
        await run.writeAndKill();
        await run.compare();
      }
    },
  },
];

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
