import type { Level } from '../report';
import type { ConformanceReport } from '../report';

/** 0 conformant, 1 failed, 2 the target or the arguments cannot be used, 3 inconclusive. */
export type ExitCode = 0 | 1 | 2 | 3;

/**
 * What a report means for whoever waits for the command.
 *
 * @param level the level that must be reached, where one is asked for.
 */
export function exitCodeOf({ totals, levels }: ConformanceReport, level: Level | undefined): ExitCode {
  if (level === undefined) {
    if (totals.fail > 0) return 1;
    return totals.inconclusive > 0 ? 3 : 0;
  }
  if (levels[level] === 'pass') return 0;
  return levels[level] === 'inconclusive' ? 3 : 1;
}
