import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadOptional } from './load-optional';

const folder = mkdtempSync(join(tmpdir(), 'nasc-'));
const from = join(folder, 'index.js');

afterAll(() => rmSync(folder, { recursive: true }));

/** Put a package into the folder, as its one file. */
function install(name: string, source: string): void {
  mkdirSync(join(folder, 'node_modules', name), { recursive: true });
  writeFileSync(join(folder, 'node_modules', name, 'index.js'), source);
}

describe('loadOptional', () => {
  it('loads a package from beside the one that needs it', () => {
    install('beside', 'module.exports = 7');
    expect(loadOptional<number>({ name: 'beside', neededFor: 'tests', from })).toBe(7);
  });

  it("loads a package from the application's root", () => {
    const root = jest.spyOn(process, 'cwd').mockReturnValue(folder);
    install('in-root', 'module.exports = 8');
    const elsewhere = join(tmpdir(), 'index.js');
    expect(loadOptional<number>({ name: 'in-root', neededFor: 'tests', from: elsewhere })).toBe(8);
    root.mockRestore();
  });

  it('names the command that installs a missing package', () => {
    expect(() => loadOptional({ name: 'not-there', neededFor: 'tests', from })).toThrow(
      expect.objectContaining({
        code: 'STORE_DEPENDENCY',
        message: 'The package not-there is not installed, and tests need it. Install it: npm i not-there',
      }),
    );
  });

  it.each([
    ['throws', "throw new Error('wrong binary')", 'wrong binary'],
    ['lacks a dependency of its own', "require('its-own')", "Cannot find module 'its-own'"],
  ])('tells a missing package from one that %s', (name, source, cause) => {
    install(name.replaceAll(' ', '-'), source);
    const load = (): unknown => loadOptional({ name: name.replaceAll(' ', '-'), neededFor: 'tests', from });
    expect(load).toThrow(
      expect.objectContaining({
        code: 'STORE_DEPENDENCY',
        message: expect.stringContaining('fails to load'),
        cause: expect.objectContaining({ message: expect.stringContaining(cause) }),
      }),
    );
  });
});
