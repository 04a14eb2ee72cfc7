import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { BUILT } from './test-support/run-node';
import { useTempFolder } from '@nasc/test-support';

const temp = useTempFolder();

/** strace makes system calls fail, where it is installed and allowed. `.ci/run` installs it. */
const canFail = spawnSync('strace', ['-f', '-e', 'inject=fsync:error=EIO', 'true']).status === 0;
const describeFailing = canFail || process.env.CI ? describe : describe.skip;
const reason = canFail ? '' : ' (skipped: no strace that may trace; apt-get install strace)';

/** Commit 40 times while some of a process's system calls fail; what it said of each commit. */
function commitUnder(
  inject: string,
  durability = 'fsync',
): { said: string[]; injected: number; fsyncs: number } {
  const script = `
    const { SqliteStore } = require(process.argv[1]);
    const options = { durability: process.argv[3] };
    (async () => {
      const store = new SqliteStore(process.argv[2], options);
      let made = 0;
      for (let n = 1; n <= 40; n++) {
        const write = { type: 'T', id: 'a', diff: {}, full: { n } };
        try {
          await store.commit([write], { eventId: 'e' + n });
          made = n;
          console.log('ok');
        } catch (error) {
          console.log(error.code);
          // Whoever loads learns what became of it.
          const loaded = await store.loadVersioned('T', 'a');
          if (loaded.state.n !== made) console.log('found ' + loaded.state.n + ' of ' + made);
        }
      }
      const { state, rev } = await store.loadVersioned('T', 'a');
      await store.close();
      const again = await new SqliteStore(process.argv[2], options).loadVersioned('T', 'a');
      console.log(state.n === 40 && again.state.n === 40 && again.rev === rev ? 'whole' : 'not whole', rev);
      process.exit();
    })();`;
  const log = temp('strace.log');
  const traced = ['-f', '-o', log, '-e', 'trace=fsync,fdatasync,pwrite64', '-e', `inject=${inject}`];
  const argv = [process.execPath, '-e', script, BUILT, temp('a.db'), durability];
  const { stdout, stderr } = spawnSync('strace', [...traced, ...argv], { encoding: 'utf8' });
  expect(stderr).toBe('');
  const calls = readFileSync(log, 'utf8').split('\n');
  return {
    said: stdout.trim().split('\n'),
    injected: calls.filter((call) => call.includes('INJECTED')).length,
    fsyncs: calls.filter((call) => /fsync|fdatasync/.test(call)).length,
  };
}

describeFailing(`a disk that fails${reason}`, () => {
  it('at fsync makes a commit uncertain, and no other', () => {
    const { said, injected } = commitUnder('fsync:error=EIO:when=20..22');
    expect(injected).toBe(3);
    expect(said.filter((word) => word === 'STORE_UNCERTAIN')).toHaveLength(3);
    // The last says that 37 commits have taken 37 revs.
    expect(said.filter((word) => word !== 'STORE_UNCERTAIN')).toEqual([
      ...Array<string>(37).fill('ok'),
      'whole 37',
    ]);
  });

  it('is asked for each commit', () => {
    const strict = commitUnder('fsync:error=EIO:when=9999');
    expect(strict.said.at(-1)).toBe('whole 40');
    expect(strict.fsyncs).toBeGreaterThanOrEqual(40);
  });

  it('is not asked for each commit when durability is relaxed', () => {
    const relaxed = commitUnder('fsync:error=EIO:when=9999', 'relaxed');
    expect(relaxed.said.at(-1)).toBe('whole 40');
    expect(relaxed.fsyncs).toBeLessThan(20);
  });

  it.each([
    ['EIO', 'STORE_UNCERTAIN'],
    ['ENOSPC', 'STORE_FULL'],
  ])('with %s at writing gives %s, keeps the earlier state and works again', (errno, code) => {
    const { said, injected } = commitUnder(`pwrite64:error=${errno}:when=150..152`);
    expect(injected).toBe(3);
    const refused = said.filter((word) => word !== 'ok').slice(0, -1);
    expect(refused.length).toBeGreaterThan(0);
    expect(new Set(refused)).toEqual(new Set([code]));
    expect(said.at(-1)).toBe(`whole ${40 - refused.length}`);
  });
});
