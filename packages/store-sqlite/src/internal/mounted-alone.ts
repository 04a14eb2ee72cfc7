import { readFileSync, realpathSync } from 'node:fs';

/**
 * Warn of a database file that is a mount of its own, as one file mounted into a container is: its WAL is made
 * beside it, inside of the container, and is lost with the container, along with what was acknowledged.
 */
export function warnOfMountedFile(path: string): void {
  if (process.platform !== 'linux' || !mountPoints().includes(realpathSync(path))) return;
  const warning =
    'The database file is mounted by itself. Its files -wal and -shm are not, so commits are lost when the mount goes away. Mount the folder that the file is in.';
  process.emitWarning(warning, { code: 'NASC_MOUNTED_FILE', detail: path });
}

/** The fifth field of each line (`man 5 proc_pid_mountinfo`), in which blanks are written as octal escapes. */
function mountPoints(): string[] {
  try {
    const lines = readFileSync('/proc/self/mountinfo', 'utf8').split('\n');
    return lines.map((line) =>
      (line.split(' ')[4] ?? '').replace(/\\([0-7]{3})/g, (_, octal: string) =>
        String.fromCharCode(parseInt(octal, 8)),
      ),
    );
  } catch {
    // No /proc: there is nothing to be told.
    return [];
  }
}
