import { readdirSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expectThat } from '../expect';
import { Inconclusive } from '../failure';
import type { Rule } from '../rule';
import type { RuleContext } from '../rule-context';
import { DOC } from '../suite-schema';
import { turn } from '../turns';
import { inBatches } from './in-batches';

/** H3 and H4: what a store takes, it gives back. */
export const resourceRules: readonly Rule[] = [
  {
    id: 'H3',
    title: 'the heap does not grow with the number of calls',
    patience: 2,
    async check(t) {
      const store = await t.open();
      const ids = Array.from({ length: 50 }, (_, i) => `h3-${i}`);
      const text = 'x'.repeat(20_000);
      const work = async (): Promise<void> => {
        for (let i = 0; i < 5; i++) {
          await Promise.all(
            ids.map((id) => store.persist(DOC, id, {}, { i, list: [text + id + String(i)] })),
          );
          await Promise.all(ids.map((id) => store.load(DOC, id)));
          t.trace.clear();
        }
      };
      await work();
      const before = await usedHeap();
      for (let round = 0; round < 3; round++) await work();
      const grown = (await usedHeap()) - before;
      expectThat(grown < 6_000_000, 'the heap after 750 more writes and loads of the same fifty instances', {
        got: `${Math.round(grown / 1_000)} kB more, of 15,000 kB written`,
        cause: 'Every state, promise or listener is kept somewhere.',
      });
    },
  },
  {
    id: 'H4',
    title: 'opening and closing again and again leaves no file open',
    needs: ['close'],
    patience: 2,
    async check(t) {
      const began = performance.now();
      for (let i = 0; i < 5; i++) await openAndClose(t, i);
      const times = openingsFor((performance.now() - began) / 5);
      const before = openFiles();
      await inBatches(
        Array.from({ length: times }, (_, i) => i),
        (i) => openAndClose(t, i),
        10,
      );
      await turn();
      const left = openFiles() - before;
      expectThat(left <= 4, `the number of open files after ${times} handles were closed`, {
        got: `${left} more than before`,
        cause: 'close does not close the file, or the connection.',
      });
    },
  },
];

/** 200 where they take no time, and fewer where each takes some; 20 show a leak as well. */
function openingsFor(milliseconds: number): number {
  return Math.round(Math.min(200, Math.max(20, 4_000 / Math.max(milliseconds, 1))));
}

async function openAndClose(t: RuleContext, i: number): Promise<void> {
  const store = await t.open();
  if (i % 10 === 0) await store.persist(DOC, 'h4', {}, { i });
  else await store.load(DOC, 'h4');
  await t.close(store);
}

/** Bytes on the heap after a full collection. */
async function usedHeap(): Promise<number> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('typeof gc === "function" ? gc : undefined') as (() => void) | undefined;
  if (collect === undefined) throw new Inconclusive('the garbage collector cannot be called here');
  for (let i = 0; i < 3; i++) {
    await turn();
    collect();
  }
  return process.memoryUsage().heapUsed;
}

function openFiles(): number {
  try {
    return readdirSync('/dev/fd').length;
  } catch (error) {
    throw new Inconclusive(`open files cannot be counted here: ${String(error)}`);
  }
}
