import { NodeProcess, useTempFolder } from '@nasc/test-support';
import { SqliteStore } from './sqlite-store';
import { BUILT, startNode } from './test-support/run-node';

const temp = useTempFolder();
const PROCESSES = 8;
const INCREMENTS = 1_000;
const INSTANCES = 5;

afterEach(() => NodeProcess.killAll());

describe('eight processes', () => {
  it('make 1,000 compare-and-set increments each over 5 instances, and lose none', async () => {
    const path = temp('a.db');
    await using store = new SqliteStore(path);
    const ids = Array.from({ length: INSTANCES }, (_, i) => String(i));
    for (const id of ids) await store.persist('Counter', id, {}, { n: 0 });
    const script = `
      const { SqliteStore } = require(process.argv[1]);
      const store = new SqliteStore(process.argv[2], { busyTimeout: 100_000 });
      const [increments, instances, first] = process.argv.slice(3).map(Number);
      (async () => {
        let conflicts = 0;
        let isFirst = true;
        for (let done = 0; done < increments;) {
          const id = String((first + done) % instances);
          const { state, rev } = await store.loadVersioned('Counter', id);
          if (isFirst) {
            isFirst = false;
            console.log('loaded');
            await new Promise((resolve) => process.stdin.resume().once('end', resolve));
          }
          try {
            await store.commit([{ type: 'Counter', id, diff: {}, full: { n: state.n + 1 }, ifRev: rev }]);
            done++;
          } catch (error) {
            if (error.code !== 'STORE_CONFLICT') throw error;
            conflicts++;
          }
        }
        await store.close();
        console.log(conflicts);
      })();`;
    const processes = Array.from({ length: PROCESSES }, (_, first) =>
      startNode(script, [BUILT, path, String(INCREMENTS), String(INSTANCES), String(first)]),
    );
    // Eight have loaded, of five instances: three of them, at the least, come too late.
    await Promise.all(processes.map((each) => each.line(/loaded/)));
    for (const each of processes) each.closeInput();
    const runs = await Promise.all(processes.map(({ ended }) => ended));
    const printed = expect.stringMatching(/^loaded\n\d+\n$/) as string;
    expect(runs).toMatchObject(runs.map(() => ({ code: 0, stdout: printed, stderr: '' })));
    const conflicts = runs.reduce((sum, { stdout }) => sum + Number(stdout.split('\n')[1]), 0);
    // Each of the instances got as many.
    const each = (PROCESSES * INCREMENTS) / INSTANCES;
    for (const id of ids) {
      expect(await store.loadVersioned('Counter', id)).toMatchObject({ state: { n: each }, rev: each + 1 });
    }
    expect(conflicts).toBeGreaterThanOrEqual(PROCESSES - INSTANCES);
  }, 600_000);
});
