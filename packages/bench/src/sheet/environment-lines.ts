import type { Environment } from '../environment.ts';

/** Where, when and with what it was measured. */
export function environmentLines({
  machine,
  system,
  disk,
  node,
  versions,
  pragmas,
  ...run
}: Environment): string[] {
  return [
    `${run.date}, ${run.mode} run of ${Math.round(run.seconds / 6) / 10} minutes`,
    `${machine}; ${system}; on ${disk}`,
    `Node ${node}; ${Object.entries(versions).map(([name, version]) => `${name} ${version}`).join(', ')}`,
    `\`fsync\`: ${pragmas.fsync}; \`relaxed\`: ${pragmas.relaxed}; with both, for the stores and the bare driver: ${pragmas.both}`,
  ]; // prettier-ignore
}
