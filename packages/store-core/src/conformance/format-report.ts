import { levelOf, LEVELS } from './levels';
import type { ConformanceReport, RuleResult } from './report';

/**
 * A report for a person: what failed, each with its smallest reproduction; what another failure
 * explains, in one line; what was not tested, and why; the levels.
 *
 * @param command what runs the suite, to be shown before the arguments that replay a failure.
 */
export function formatReport(report: ConformanceReport, command?: string): string {
  const { results, totals, levels } = report;
  const failed = results.filter(({ outcome }) => outcome === 'fail');
  const lines = [`${report.target} · ${report.suite} · seed ${report.seed}`, ''];
  for (const result of failed.filter(({ blockedBy }) => blockedBy === undefined)) {
    lines.push(
      `FAIL ${result.id} ${result.title}`,
      `  ${messageOf(result, command).replaceAll('\n', '\n  ')}`,
      '',
    );
  }
  lines.push(...blockedLines(failed));
  for (const outcome of ['inconclusive', 'waived', 'n/a'] as const) {
    lines.push(...grouped(outcome, results));
  }
  lines.push(LEVELS.map((level) => `${level}: ${levels[level]}`).join(' · '), ...unshownLines(report));
  lines.push(
    Object.entries(totals)
      .filter(([, count]) => count > 0)
      .map(([outcome, count]) => `${count} ${outcome}`)
      .join(', '),
  );
  return lines.join('\n');
}

function messageOf({ message = '', replay }: RuleResult, command: string | undefined): string {
  if (replay === undefined || command === undefined || !message.endsWith(replay)) return message;
  return `${message.slice(0, -replay.length)}${command} ${replay}`;
}

function blockedLines(failed: readonly RuleResult[]): string[] {
  const blockers = new Set(failed.map(({ blockedBy }) => blockedBy).filter((id) => id !== undefined));
  return [...blockers].map((blocker) => {
    const ids = failed.filter(({ blockedBy }) => blockedBy === blocker).map(({ id }) => id);
    return `FAIL ${ids.join(' ')} (blocked: ${blocker} fails)`;
  });
}

/** What to add where a level could not be shown. */
function unshownLines({ results, levels }: ConformanceReport): string[] {
  return LEVELS.filter((level) => levels[level] === 'not run').flatMap((level) => {
    const ids = results
      .filter(({ id, lacks }) => lacks === 'module' && levelOf(id) === level)
      .map(({ id }) => id);
    return ids.length === 0 ? [] : [`${level} is not shown: ${ids.join(' ')} did not run. ${ADD_MODULE}`];
  });
}

const ADD_MODULE =
  'Add `module: import.meta.url` to the target, in a module that has it as its default export.';

/** One line per reason. */
function grouped(outcome: RuleResult['outcome'], results: readonly RuleResult[]): string[] {
  const byReason = new Map<string, string[]>();
  for (const { id, message = '' } of results.filter((result) => result.outcome === outcome)) {
    byReason.set(message, [...(byReason.get(message) ?? []), id]);
  }
  return [...byReason].map(([reason, ids]) => `${outcome} ${ids.join(' ')}: ${reason}`);
}
