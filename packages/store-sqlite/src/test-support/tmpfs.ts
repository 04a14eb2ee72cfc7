import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A small file system of its own, which can be filled up and made read-only. */
export class Tmpfs {
  private constructor(readonly path: string) {}

  /** Mount one; only root may. */
  static mount(path: string, size: string): Tmpfs {
    mkdirSync(path, { recursive: true });
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', path], { stdio: 'ignore' });
    return new Tmpfs(path);
  }

  /** Whether this process may mount. */
  static isPossible(): boolean {
    if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
    const folder = mkdtempSync(join(tmpdir(), 'nasc-tmpfs-'));
    try {
      Tmpfs.mount(folder, '64k').close();
      return true;
    } catch (error) {
      // A container may forbid it to root as well.
      return error === undefined;
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  setReadonly(readonly: boolean): void {
    execFileSync('mount', ['-o', `remount,${readonly ? 'ro' : 'rw'}`, this.path], { stdio: 'ignore' });
  }

  close(): void {
    execFileSync('umount', ['-l', this.path], { stdio: 'ignore' });
  }
}
