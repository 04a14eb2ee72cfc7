import { SqliteStore } from './sqlite-store';
import { BUILT, runNode } from './test-support/run-node';
import { useTempFolder } from './test-support/temp-folder';

const temp = useTempFolder();
const PROCESSES = 8;
const INCREMENTS = 1_000;
const INSTANCES = 5;

describe('eight processes', () => {
  it('make 1,000 compare-and-set increments each over 5 instances, and lose none', async () => {
    const path = temp('a.db');
    await using store = new SqliteStore(path);
    const ids = Array.from({ length: INSTANCES }, (_, i) => String(i));
    for (const id of ids) await store.persist('Counter', id, {}, { n: 0 });
    const script = `
      const { SqliteStore } = require(process.argv[1]);
      const store = new SqliteStore(process.argv[2]);
      const [increments, instances, first] = process.argv.slice(3).map(Number);
      (async () => {
        let conflicts = 0;
        for (let done = 0; done < increments;) {
          const id = String((first + done) % instances);
          const { state, rev } = await store.loadVersioned('Counter', id);
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
    const runs = await Promise.all(
      Array.from({ length: PROCESSES }, (_, first) =>
        runNode(script, [BUILT, path, String(INCREMENTS), String(INSTANCES), String(first)]),
      ),
    );
    expect(runs).toEqual(runs.map(() => ({ code: 0, stdout: expect.stringMatching(/^\d+\n$/), stderr: '' })));
    const conflicts = runs.reduce((sum, { stdout }) => sum + Number(stdout), 0);
    // Each of the instances got as many, and the processes did get in each other's way.
    const each = (PROCESSES * INCREMENTS) / INSTANCES;
    for (const id of ids) {
      expect(await store.loadVersioned('Counter', id)).toMatchObject({ state: { n: each }, rev: each + 1 });
    }
    expect(conflicts).toBeGreaterThan(0);
  }, 180_000);
});
