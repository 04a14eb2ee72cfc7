import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** On the disk of the repository, and ignored by git: a temporary folder of the system may be in memory. */
const home = join(dirname(fileURLToPath(import.meta.url)), '../../node_modules/.bench');

/** A folder that is gone when the program ends, Ctrl-C included. */
export class TempFolders {
  readonly root: string;
  #made = 0;

  constructor() {
    mkdirSync(home, { recursive: true });
    this.root = mkdtempSync(join(home, 'run-'));
    process.on('exit', () => this.remove());
    for (const [signal, code] of [
      ['SIGINT', 130],
      ['SIGTERM', 143],
      ['SIGHUP', 129],
    ] as const) {
      process.on(signal, () => process.exit(code));
    }
  }

  make(): string {
    const folder = join(this.root, String(this.#made++));
    mkdirSync(folder, { recursive: true });
    return folder;
  }

  remove(folder = this.root): void {
    rmSync(folder, { recursive: true, force: true });
  }
}
