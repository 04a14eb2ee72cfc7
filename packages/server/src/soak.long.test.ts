import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SqliteStore } from '@nasc/store-sqlite';
import { ServerProcess } from './test-support/server-process';
import { soak } from './test-support/soak';

jest.setTimeout(600_000);

/** `pnpm soak` sets it. */
const increments = Number(process.env['NASC_SOAK_INCREMENTS'] ?? 20_000);
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nasc-soak-'));
});
afterEach(async () => {
  await ServerProcess.killAll();
  rmSync(folder, { recursive: true });
});

describe('four server processes on one SQLite file, killed and restarted', () => {
  it('neither lose nor repeat an increment of 32 clients, which all end with the same state', async () => {
    const file = join(folder, 'counters.db');
    const plan = { file, servers: 4, clients: 32, instances: 10, increments, kills: 12 };
    const { expected, shown, kills, resent, seconds } = await soak(plan);
    console.info(`${increments} increments in ${seconds.toFixed(0)} s, ${kills} kills, ${resent} sent again`);
    await using store = new SqliteStore(file);
    for (const [id, count] of expected) expect(await store.load('Counter', id)).toEqual({ count });
    for (const counts of shown) expect(counts).toEqual(expected);
    expect(kills).toBe(12);
    expect(resent).toBeGreaterThan(0);
  });
});
