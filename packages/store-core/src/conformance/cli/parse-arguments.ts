import { parseArgs } from 'node:util';
import { allRules } from '../all-rules';
import { LEVELS, levelOf, levelWithBases } from '../levels';
import type { Level } from '../report';
import type { Rule } from '../rule';
import { DEFAULT_SEED, DEFAULT_TIMEOUT } from '../run-conformance';
import { selectRules } from '../select-rules';

/** What the command line asks for. */
export type Command =
  | { readonly kind: 'help' }
  | { readonly kind: 'version' }
  | {
      readonly kind: 'run';
      readonly file: string;
      readonly rules: readonly Rule[];
      readonly seed: number;
      readonly timeout: number;
      /** Where the report goes as JSON; `-` is stdout. */
      readonly json: string | undefined;
      /** The level that must be reached. */
      readonly level: Level | undefined;
    };

/** The arguments make no sense; the message says why. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const OPTIONS = {
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'v' },
  json: { type: 'string' },
  only: { type: 'string', multiple: true },
  level: { type: 'string' },
  seed: { type: 'string' },
  timeout: { type: 'string' },
} as const;

/**
 * @param argv without node and the script.
 * @throws UsageError
 */
export function parseArguments(argv: readonly string[]): Command {
  const { values, positionals } = parse(argv);
  if (values.help === true) return { kind: 'help' };
  if (values.version === true) return { kind: 'version' };
  const [file, ...more] = positionals;
  if (file === undefined) throw new UsageError('Name the module of the target: nasc-conformance <file>.');
  if (more.length > 0) throw new UsageError(`One module at a time: what is "${more[0]}"?`);
  const level = levelNamed(values.level);
  return {
    kind: 'run',
    file,
    rules: rulesOf(values.only, level),
    seed: wholeNumber('seed', values.seed, DEFAULT_SEED),
    timeout: wholeNumber('timeout', values.timeout, DEFAULT_TIMEOUT),
    json: values.json,
    level,
  };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw new UsageError((error as Error).message, { cause: error });
  }
}

function levelNamed(name: string | undefined): Level | undefined {
  if (name === undefined) return undefined;
  const level = LEVELS.find((each) => each.toLowerCase() === name.toLowerCase());
  if (level === undefined) {
    const names = LEVELS.join(', ').toLowerCase();
    throw new UsageError(`There is no level "${name}"; the levels are ${names}.`);
  }
  return level;
}

/** What is named; else what the level takes; else everything. */
function rulesOf(only: readonly string[] | undefined, level: Level | undefined): readonly Rule[] {
  if (only !== undefined) {
    if (level !== undefined) throw new UsageError('--level runs all rules of the level: leave out --only.');
    try {
      return selectRules(only.join(','));
    } catch (error) {
      throw new UsageError((error as Error).message, { cause: error });
    }
  }
  if (level === undefined) return allRules;
  const levels = levelWithBases(level);
  return allRules.filter(({ id }) => levels.includes(levelOf(id)));
}

function wholeNumber(name: string, text: string | undefined, fallback: number): number {
  if (text === undefined) return fallback;
  if (!/^\d{1,15}$/.test(text) || (name === 'timeout' && Number(text) === 0)) {
    throw new UsageError(`--${name} takes a whole number, not "${text}".`);
  }
  return Number(text);
}
