import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PACKAGE, runNode } from '../test-support/run-node';
import { useTempFolder } from '@nasc/test-support';

const temp = useTempFolder();

/** The built packages as they stand in an application's node_modules, without better-sqlite3. */
function install(): string {
  for (const name of ['store-core', 'store-sqlite']) {
    const folder = temp(`app/node_modules/@nasc/${name}`);
    mkdirSync(folder, { recursive: true });
    const from = join(PACKAGE, '..', name);
    cpSync(join(from, 'dist'), join(folder, 'dist'), { recursive: true });
    cpSync(join(from, 'package.json'), join(folder, 'package.json'));
  }
  return temp('app');
}

const CONSTRUCT = `
  try { new SqliteStore('a.db'); console.log('constructed'); }
  catch (error) { console.log(JSON.stringify({ name: error.name, code: error.code, message: error.message, cause: error.cause?.message.split('\\n')[0] })); }`;

describe('loadBetterSqlite3', () => {
  it.each([
    ['CommonJS', `const { SqliteStore } = require('@nasc/store-sqlite'); ${CONSTRUCT}`],
    ['ESM', `import('@nasc/store-sqlite').then(({ SqliteStore }) => { ${CONSTRUCT} })`],
  ])('tells what to install, when constructing and not when importing (%s)', async (_name, script) => {
    const { stdout, stderr, code } = await runNode(script, [], install());
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
    expect(JSON.parse(stdout)).toEqual({
      name: 'StoreError',
      code: 'STORE_DEPENDENCY',
      message: expect.stringContaining('npm i better-sqlite3'),
      cause: "Cannot find module 'better-sqlite3'",
    });
  });

  it("finds it from the application's root when it is not beside the package", async () => {
    install();
    mkdirSync(temp('root/node_modules'), { recursive: true });
    writeFileSync(temp('root/package.json'), '{}');
    const driver = dirname(require.resolve('better-sqlite3/package.json'));
    symlinkSync(driver, temp('root/node_modules/better-sqlite3'));
    const script = `const { SqliteStore } = require(process.argv[1]); ${CONSTRUCT}`;
    const entry = temp('app/node_modules/@nasc/store-sqlite/dist/index.cjs');
    const { stdout } = await runNode(script, [entry], temp('root'));
    expect(stdout.trim()).toBe('constructed');
  });

  it('tells a copy that does not load from one that is not there', async () => {
    const app = install();
    mkdirSync(join(app, 'node_modules/better-sqlite3'), { recursive: true });
    writeFileSync(join(app, 'node_modules/better-sqlite3/index.js'), 'throw new Error("wrong binary")');
    const { stdout } = await runNode(
      `const { SqliteStore } = require('@nasc/store-sqlite'); ${CONSTRUCT}`,
      [],
      app,
    );
    expect(JSON.parse(stdout)).toMatchObject({ code: 'STORE_DEPENDENCY', cause: 'wrong binary' });
  });
});
