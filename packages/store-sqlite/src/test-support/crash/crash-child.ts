/**
 * The process that `runCrashes` kills: checks what it finds, then writes until it is killed, and says
 * on stdout what was acknowledged. Node runs this file as it is (types are stripped), so it imports
 * nothing of ours but types.
 *
 * argv: the factory module, the location, and as JSON what was acknowledged to earlier processes.
 * Lines on stdout: `opening` · `checked {lane: n}` · `ack lane n` · `violation text` · `done`.
 */
import { writeSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import type { CommitResult, VersionedStore, Write } from '@nasc/store-core';

/** What the factory module exports by default. */
export interface CrashTarget {
  /** A handle on the storage; each commit of it must be durable when it is acknowledged. */
  open(location: string): VersionedStore;
  /** What is wrong with the storage, seen from beside the store. Called before it is opened. */
  verify?(location: string): string[];
}

/** A type that a mapped store may map: `items` is an array of `Item` with the key `id`. */
const TYPE = 'Board';

interface Board {
  n: number;
  title: string;
  items: { id: string; n: number; text: string }[];
}

/** Sizes differ from one n to the next: a row, a few pages, many. */
function board(n: number): Board {
  const items = Array.from({ length: (n * 7) % 20 }, (_, i) => ({
    id: `i${(i * 3 + n) % 41}`,
    n,
    text: `${n},`.repeat(1 + ((n * 31) % 400)),
  }));
  return { n, title: `at ${n}`, items };
}

/** Lanes write one commit after another, all lanes at once. The n-th commit of a lane gives rev n. */
const LANES: Record<string, (n: number) => { id: string; full: Board | null }[]> = {
  ...Object.fromEntries(
    ['s0', 's1', 's2', 's3', 's4'].map((id) => [id, (n: number) => [{ id, full: board(n) }]]),
  ),
  ...Object.fromEntries(
    ['m0', 'm1', 'm2'].map((lane) => [
      lane,
      (n: number) => [0, 1, 2].map((part) => ({ id: `${lane}-${part}`, full: board(n) })),
    ]),
  ),
  // Comes and goes; the first of the two tells which n it is.
  blink: (n) => [
    { id: 'blink-n', full: board(n) },
    { id: 'blink', full: n % 2 ? board(n) : null },
  ],
};

type Counts = Record<string, number>;

function say(line: string): void {
  writeSync(1, `${line}\n`);
}

function commit(store: VersionedStore, lane: string, n: number): Promise<CommitResult> {
  const writes: Write[] = (LANES[lane]?.(n) ?? []).map(({ id, full }, i) => ({
    type: TYPE,
    id,
    diff: {},
    full: full as Write['full'],
    ...(i === 0 ? { ifRev: n - 1 } : {}),
  }));
  return store.commit(writes, { eventId: `${lane} ${n}` });
}

/** The lane's n by its first instance, with everything else as it must be then. */
async function check(store: VersionedStore, lane: string, acknowledged: number): Promise<number> {
  const wrong = (what: string): void => say(`violation ${lane}: ${what}`);
  const parts = LANES[lane] ?? (() => []);
  const first = await store.loadVersioned(TYPE, parts(1)[0]?.id ?? '');
  const n = Number(first?.state.n ?? 0);
  if (n !== acknowledged && n !== acknowledged + 1) wrong(`acknowledged ${acknowledged}, found ${n}`);
  if (n === 0) return n;
  for (const { id, full } of parts(n)) {
    const found = await store.loadVersioned(TYPE, id);
    if (JSON.stringify(found?.state ?? null) !== JSON.stringify(full)) wrong(`torn: ${id} is not as of ${n}`);
    if (found !== null && found.rev !== n) wrong(`${id} is at rev ${found.rev}, not ${n}`);
  }
  const again = await commit(store, lane, n);
  if (again.status !== 'duplicate' || again.revs.some((rev) => rev !== n)) {
    wrong(`the event of ${n} is not remembered: ${JSON.stringify(again)}`);
  }
  return n;
}

async function write(store: VersionedStore, lane: string, from: number, end: number): Promise<void> {
  for (let n = from + 1; n <= end; n++) {
    const { status, revs } = await commit(store, lane, n);
    if (status !== 'committed' || revs.some((rev) => rev !== n)) {
      say(`violation ${lane}: the commit after ${n - 1} gave ${status} ${revs.join()}`);
    }
    say(`ack ${lane} ${n}`);
  }
}

async function main([
  module = '',
  location = '',
  json = '{}',
  commits = 'Infinity',
]: string[]): Promise<void> {
  const { default: target } = (await import(pathToFileURL(module).href)) as { default: CrashTarget };
  const acknowledged = JSON.parse(json) as Counts;
  say('opening');
  for (const what of target.verify?.(location) ?? []) say(`violation ${what}`);
  const store = target.open(location);
  const found: Counts = {};
  for (const lane of Object.keys(LANES)) found[lane] = await check(store, lane, acknowledged[lane] ?? 0);
  const live = Object.entries(found).flatMap(([lane, n]) => (n > 0 ? (LANES[lane]?.(n) ?? []) : []));
  const ids = live.filter(({ full }) => full !== null).map(({ id }) => id);
  const listed = (await store.list?.(TYPE)) ?? ids;
  if (listed.join() !== ids.sort().join()) say(`violation listed: ${listed.join()}`);
  say(`checked ${JSON.stringify(found)}`);
  await Promise.all(Object.entries(found).map(([lane, n]) => write(store, lane, n, n + Number(commits))));
  await store.close();
  say('done');
}

main(process.argv.slice(2)).catch((error: unknown) => {
  const { code, stack, cause } = error as { code?: string; stack?: string; cause?: unknown };
  say(`violation ${String(code)} ${String(stack)} ${String(cause)}`.replaceAll('\n', ' '));
  process.exitCode = 1;
});
