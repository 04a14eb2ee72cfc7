import { SqliteStore } from './sqlite-store';
import { BUILT, runNode } from './test-support/run-node';
import { useTempFolder } from '@nasc/test-support';

const temp = useTempFolder();

/** On a busy machine one of several processes may wait long for its turn with the lock. */
const PATIENT = 'busyTimeout: 100_000';

describe('several processes', () => {
  it('open one new file at the same moment', async () => {
    const path = temp('a.db');
    const script = `
      const { SqliteStore } = require(process.argv[1]);
      const store = new SqliteStore(process.argv[2], { ${PATIENT} });
      const n = Number(process.argv[3]);
      Promise.all([
        store.persist('Shared', 'x', {}, { n }), store.persist('Own', String(n), {}, { n }), store.persist('Own' + n, 'x', {}, { n }),
      ]).then(() => store.close()).then(() => console.log('ok'), (error) => { console.log(error); });`;
    const runs = await Promise.all(
      Array.from({ length: 8 }, (_, n) => runNode(script, [BUILT, path, String(n)])),
    );
    expect(runs).toEqual(runs.map(() => ({ code: 0, stdout: 'ok\n', stderr: '' })));
    await using store = new SqliteStore(path);
    expect(await store.list('Own')).toEqual(['0', '1', '2', '3', '4', '5', '6', '7']);
    expect(await store.loadVersioned('Shared', 'x')).toMatchObject({ rev: 8 });
    for (let n = 0; n < 8; n++) expect(await store.load(`Own${n}`, 'x')).toEqual({ n });
  });

  it('lose no compare-and-set increment', async () => {
    const path = temp('a.db');
    await using store = new SqliteStore(path, { durability: 'relaxed' });
    for (const id of ['a', 'b']) await store.persist('Counter', id, {}, { n: 0 });
    const script = `
      const { SqliteStore } = require(process.argv[1]);
      const store = new SqliteStore(process.argv[2], { durability: 'relaxed', ${PATIENT} });
      (async () => {
        for (let done = 0; done < 100;) {
          const id = done % 2 ? 'a' : 'b';
          const { state, rev } = await store.loadVersioned('Counter', id);
          try {
            await store.commit([{ type: 'Counter', id, diff: {}, full: { n: state.n + 1 }, ifRev: rev }]);
            done++;
          } catch (error) { if (error.code !== 'STORE_CONFLICT') throw error; }
        }
        await store.close();
      })();`;
    const runs = await Promise.all(Array.from({ length: 4 }, () => runNode(script, [BUILT, path])));
    expect(runs).toEqual(runs.map(() => ({ code: 0, stdout: '', stderr: '' })));
    expect(await store.loadVersioned('Counter', 'a')).toMatchObject({ state: { n: 200 }, rev: 201 });
    expect(await store.loadVersioned('Counter', 'b')).toMatchObject({ state: { n: 200 }, rev: 201 });
  });
});
