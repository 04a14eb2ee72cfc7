import type { Environment } from '../environment.ts';

/** Where, when and with what it was measured. */
export function environmentLines({
  machine,
  system,
  disk,
  fsync,
  node,
  versions,
  pragmas,
  ...run
}: Environment): string[] {
  return [
    `${run.date}, ${run.mode} run of ${Math.round(run.seconds / 6) / 10} minutes`,
    `${machine}; ${system}; on ${disk}, which takes ${microseconds(fsync.median)} to fsync one page (one in ten: ${microseconds(fsync.p90)} or more)`,
    `Node ${node}; ${Object.entries(versions).map(([name, version]) => `${name} ${version}`).join(', ')}`,
    `\`fsync\`: ${pragmas.fsync}; \`relaxed\`: ${pragmas.relaxed}; with both, for the stores and the bare driver: ${pragmas.both}`,
  ]; // prettier-ignore
}

function microseconds(milliseconds: number): string {
  return `${Math.round(milliseconds * 1_000)} µs`;
}
