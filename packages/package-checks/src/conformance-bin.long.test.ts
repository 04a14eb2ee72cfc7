import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PackedPackages } from './packed-packages';

const packed = new PackedPackages();
beforeAll(() => packed.pack(['@nasc/store-core', '@nasc/store-memory']));
afterAll(() => packed.destroy());

/** A store of two methods that is right, but for one line. */
const target = (name: string, load: string, persist: string): string => `{
  name: '${name}',
  createWorld: () => ({ store: new MemoryStore() }),
  open: ({ store }) => ({
    async load(type, id) { ${load} },
    async persist(type, id, diff, full) { ${persist} },
  }),
}`;

const LOAD = 'return store.load(type, id);';
const PERSIST = 'await store.persist(type, id, diff, full);';

/** Each with the rules that must be named. */
const BROKEN: [name: string, rules: string[], load: string, persist: string][] = [
  ['returns-undefined', ['B1'], 'return (await store.load(type, id)) ?? undefined;', PERSIST],
  [
    'joins-type-and-id',
    ['I1'],
    "return store.load('T', type + ':' + id);",
    "if (typeof type !== 'string' || typeof id !== 'string') throw new TypeError(); await store.persist('T', type + ':' + id, diff, full);",
  ],
  [
    'sorts-items',
    ['K1'],
    LOAD,
    'const items = full?.items; await store.persist(type, id, diff, Array.isArray(items) ? { ...full, items: items.toSorted((a, b) => (String(a?.id) < String(b?.id) ? -1 : 1)) } : full);',
  ],
];

const IMPORTS_ESM = `import fs from 'node:fs';
import os from 'node:os';
import crypto from 'node:crypto';
import { captureState } from '@nasc/store-core';
`;
const IMPORTS_CJS = `const [fs, os, crypto] = [require('node:fs'), require('node:os'), require('node:crypto')];
const { captureState } = require('@nasc/store-core');
`;

/** A store of two methods on files: one per instance, renamed into place. */
const DURABLE = `{
  name: 'durable',
  createWorld() {
    const folder = fs.mkdtempSync(os.tmpdir() + '/nasc-durable-');
    return { folder, destroy: () => fs.rmSync(folder, { recursive: true, force: true }) };
  },
  durable: true,
  open({ folder }) {
    const isText = (text) => typeof text === 'string' && text.isWellFormed();
    const file = (type, id) => {
      if (!isText(type) || !isText(id) || type === '') throw new TypeError('There is no such instance.');
      return folder + '/' + crypto.hash('sha256', JSON.stringify([type, id]));
    };
    return {
      async load(type, id) {
        const path = file(type, id);
        return fs.existsSync(path) ? JSON.parse(fs.readFileSync(path, 'utf8')) : null;
      },
      async persist(type, id, diff, full) {
        const path = file(type, id);
        const text = captureState(full, { type, id });
        fs.writeFileSync(path + '.' + process.pid, text);
        fs.renameSync(path + '.' + process.pid, path);
      },
    };
  },
}`;

/** The command as npx finds it. */
function bin(folder: string, ...args: string[]): { status: number | null; stdout: string; stderr: string } {
  const env = { ...process.env };
  delete env.NODE_PATH;
  return spawnSync(join(folder, 'node_modules/.bin/nasc-conformance'), args, {
    cwd: folder,
    env,
    encoding: 'utf8',
  });
}

describe.each(['module', 'commonjs'] as const)('nasc-conformance in an empty project of type %s', (type) => {
  let folder = '';
  beforeAll(() => {
    folder = packed.project(type);
    const write = (name: string, text: string): void => {
      const source =
        type === 'module'
          ? `${IMPORTS_ESM}import { MemoryStore } from '@nasc/store-memory';\nimport { defineTarget } from '@nasc/store-core/conformance';\nexport default defineTarget(${text});`
          : `${IMPORTS_CJS}const { MemoryStore } = require('@nasc/store-memory');\nconst { defineTarget } = require('@nasc/store-core/conformance');\nmodule.exports = defineTarget(${text});`;
      writeFileSync(join(folder, `${name}.js`), source);
    };
    write('durable', DURABLE);
    write('good', target('good', LOAD, PERSIST));
    write(
      'versioned',
      `{ name: 'versioned', createWorld: () => ({ first: new MemoryStore() }), open: ({ first }) => new MemoryStore({ shareWith: first }) }`,
    );
    for (const [name, , load, persist] of BROKEN) write(name, target(name, load, persist));
  }, 180_000);

  it('exits 0 for a good store of two methods, which reaches Core, and says how long that took', () => {
    const start = performance.now();
    const { status, stdout, stderr } = bin(folder, './good.js', '--level', 'core');
    expect({ status, stdout, stderr }).toMatchObject({ status: 0 });
    expect(stdout).toContain('good reaches Core.');
    console.info(`Core on the memory store: ${((performance.now() - start) / 1_000).toFixed(1)} s`);
  });

  it('lets a store of two methods that is durable reach Durable', () => {
    const { status, stdout, stderr } = bin(folder, './durable.js', '--level', 'durable');
    expect({ status, stdout, stderr }).toMatchObject({ status: 0 });
    expect(stdout).toContain('durable reaches Durable.');
  });

  it('exits 0 for a good versioned store', () => {
    const { status, stdout } = bin(folder, './versioned.js');
    expect({ status, stdout }).toMatchObject({ status: 0 });
    expect(stdout).toContain('Core: pass · Versioned: pass · Transactional: pass · Queryable: pass');
  });

  it.each(BROKEN)(
    'exits 1 for a store that %s, and names %j',
    (name, rules) => {
      const { status, stdout } = bin(folder, `./${name}.js`, '--level', 'core');
      expect(status).toBe(1);
      const named = [...stdout.matchAll(/^FAIL (\w+) /gm)].map(([, id]) => id);
      expect(named).toEqual(expect.arrayContaining(rules));
      expect(stdout).toContain(`npx nasc-conformance ./${name}.js --only ${rules[0]} --seed 1`);
    },
    60_000,
  );
});
