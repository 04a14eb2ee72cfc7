const { execFileSync } = require('node:child_process');
const { mkdtempSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

describe('examples/quickstart', () => {
  it('counts its runs across processes', () => {
    const folder = mkdtempSync(join(tmpdir(), 'nasc-quickstart-'));
    try {
      const run = () =>
        execFileSync(process.execPath, [join(__dirname, 'quickstart.js'), join(folder, 'a.db')], {
          encoding: 'utf8',
        });
      expect(run()).toMatch(
        /^Run 1, rev 1\..*\nA stale write is refused: STORE_CONFLICT, expected rev 0, is 1\.\n$/,
      );
      expect(run()).toMatch(/^Run 2, rev 2\./);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
