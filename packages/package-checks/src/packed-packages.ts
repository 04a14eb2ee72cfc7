import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PACKAGES = join(__dirname, '../..');

interface Manifest {
  name: string;
  private?: boolean;
  exports: Record<string, unknown>;
}

/** The packages that are published. */
export const published = readdirSync(PACKAGES)
  .map((folder) => ({ folder: join(PACKAGES, folder), manifest: manifestOf(folder) }))
  .filter(({ manifest }) => manifest.private !== true);

function manifestOf(folder: string): Manifest {
  return JSON.parse(readFileSync(join(PACKAGES, folder, 'package.json'), 'utf8')) as Manifest;
}

/** Run a command; its output is in the error when it fails. */
export function run(command: string, args: readonly string[], cwd: string): string {
  // pnpm's launchers put NODE_PATH there, which would find what is not installed.
  const env = { ...process.env };
  delete env.NODE_PATH;
  try {
    return execFileSync(command, args, { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${command} ${args.join(' ')}\n${stdout}\n${stderr}`, { cause: error });
  }
}

/** The published packages as tarballs, in a folder that holds the projects which install them, too. */
export class PackedPackages {
  readonly folder = mkdtempSync(join(tmpdir(), 'nasc-packed-'));
  readonly tarballs = new Map<string, string>();

  /** @param names of the packages; default: all that are published. */
  pack(names?: readonly string[]): void {
    for (const { folder, manifest } of published) {
      if (names !== undefined && !names.includes(manifest.name)) continue;
      const { filename } = JSON.parse(
        run('pnpm', ['pack', '--json', '--pack-destination', this.folder], folder),
      ) as { filename: string };
      this.tarballs.set(manifest.name, filename);
    }
  }

  /** An empty project with the tarballs and some packages more. */
  project(type: 'module' | 'commonjs', more: readonly string[] = []): string {
    const folder = join(this.folder, type);
    mkdirSync(folder);
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'app', private: true, type }));
    run(
      'npm',
      ['install', '--no-audit', '--no-fund', '--loglevel=error', ...this.tarballs.values(), ...more],
      folder,
    );
    return folder;
  }

  destroy(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
