import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PackedPackages, published, run } from './packed-packages';

const packed = new PackedPackages();
const { tarballs } = packed;

beforeAll(() => packed.pack());

afterAll(() => packed.destroy());

const PEERS = ['better-sqlite3@13', 'express@5', 'ws@8'];

/** What an application does first: write, close, open, read. */
const APP = `
  const results = {};
  for (const [name, make] of Object.entries({
    memory: () => new MemoryStore(),
    sqlite: () => new SqliteStore('app.db'),
    mapped: () => new SqliteMappedStore('mapped.db', { mapping: { T: {} }, schema: { $defs: { T: { properties: { name: { type: 'string' } } } } } }),
  })) {
    const store = make();
    await store.persist('T', 'a', {}, { name });
    results[name] = await store.load('T', 'a');
    await store.close();
  }
  const report = await runConformance(defineTarget({ name: 'm', createWorld: () => ({ store: new Map1() }), open: ({ store }) => store }), { only: ['B2'] });
  results.conformance = report.results.map(({ id, outcome }) => id + ' ' + outcome);
  results.server = typeof attachNasc;
  console.log(JSON.stringify(results));`;

const MAP1 = `
  class Map1 {
    rows = new Map();
    async load(type, id) { return this.rows.get(JSON.stringify([type, id])) ?? null; }
    async persist(type, id, diff, full) { this.rows.set(JSON.stringify([type, id]), JSON.parse(JSON.stringify(full))); }
  }`;

const IMPORTS: [string, string][] = [
  ['MemoryStore', '@nasc/store-memory'],
  ['SqliteStore', '@nasc/store-sqlite'],
  ['SqliteMappedStore', '@nasc/store-sqlite-mapped'],
  ['defineTarget, runConformance', '@nasc/store-core/conformance'],
  ['attachNasc', '@nasc/server'],
];

const EXPECTED = {
  memory: { name: 'memory' },
  sqlite: { name: 'sqlite' },
  mapped: { name: 'mapped' },
  conformance: ['B2 pass'],
  server: 'function',
};

describe.each(published.map(({ manifest }) => manifest.name))('%s, packed', (name) => {
  it('passes publint', () => {
    run('publint', ['run', '--strict', tarballs.get(name) ?? ''], __dirname);
  });

  it('has types that resolve for ESM and CommonJS', () => {
    const args = [tarballs.get(name) ?? '', '--profile', 'node16', '--format', 'ascii'];
    // A browser module has no types for Node.
    if (name === '@nasc/client') args.push('--exclude-entrypoints', './nasc.js');
    run('attw', args, __dirname);
  });

  it('holds what it is built of, its license and its README, and no sources', () => {
    const files = run('tar', ['-tzf', tarballs.get(name) ?? ''], packed.folder)
      .trim()
      .split('\n');
    expect(files).toEqual(
      expect.arrayContaining(['package/LICENSE', 'package/README.md', 'package/dist/index.js']),
    );
    expect(files.filter((file) => /\/src\/|\.test\./.test(file))).toEqual([]);
  });
});

describe('all packages in an empty project', () => {
  it('run as ESM', () => {
    const folder = packed.project('module', PEERS);
    const imports = IMPORTS.map(([names, from]) => `import { ${names} } from '${from}';`).join('\n');
    writeFileSync(join(folder, 'app.js'), `${imports}\n${MAP1}\n${APP}`);
    expect(JSON.parse(run(process.execPath, ['app.js'], folder))).toEqual(EXPECTED);
  }, 180_000);

  it('run as CommonJS', () => {
    const folder = packed.project('commonjs', PEERS);
    const imports = IMPORTS.map(([names, from]) => `const { ${names} } = require('${from}');`).join('\n');
    writeFileSync(join(folder, 'app.js'), `${imports}\n${MAP1}\n(async () => {${APP}})();`);
    expect(JSON.parse(run(process.execPath, ['app.js'], folder))).toEqual(EXPECTED);
  }, 180_000);
});
