import type { ConformanceTarget } from './define-target';
import type { Features } from './need';
import type { Level, LevelOutcome, RuleResult } from './report';

/** All levels, the first for everybody. */
export const LEVELS: readonly Level[] = [
  'Core',
  'Versioned',
  'Transactional',
  'Queryable',
  'Durable',
  'Efficient',
];

/** The level that a rule counts for. */
export function levelOf(id: string): Level {
  if (id === 'C6') return 'Versioned';
  if (id === 'C10') return 'Durable';
  if (id === 'C11') return 'Queryable';
  return LEVEL_OF_GROUP[id.charAt(0)] ?? 'Core';
}

const LEVEL_OF_GROUP: Record<string, Level> = {
  R: 'Versioned',
  M: 'Transactional',
  N: 'Transactional',
  E: 'Queryable',
  U: 'Durable',
  F: 'Durable',
  H: 'Durable',
  P: 'Efficient',
};

/** Levels that build on another one. */
const BASE: Partial<Record<Level, Level>> = {
  Versioned: 'Core',
  Transactional: 'Versioned',
  Queryable: 'Core',
  Durable: 'Core',
  Efficient: 'Core',
};

/**
 * The levels' outcomes out of the rules' results.
 *
 * @param all the ids of all rules, run or not.
 * @param offered the levels that {@link offeredLevels} gives.
 */
export function judgeLevels(
  all: readonly string[],
  results: readonly RuleResult[],
  offered: readonly Level[],
): Record<Level, LevelOutcome> {
  const levels = {} as Record<Level, LevelOutcome>;
  for (const level of LEVELS) {
    const own = judgeLevel(level, all, results, offered.includes(level));
    const base = BASE[level];
    // A level stands on its base: without it, what the level's own rules say is not enough.
    levels[level] = own === 'pass' && base !== undefined ? levels[base] : own;
  }
  return levels;
}

function judgeLevel(
  level: Level,
  all: readonly string[],
  results: readonly RuleResult[],
  isOffered: boolean,
): LevelOutcome {
  const own = results.filter(({ id }) => levelOf(id) === level);
  const outcomes = own.map(({ outcome }) => outcome);
  if (outcomes.includes('fail')) return 'fail';
  if (!isOffered) return 'n/a';
  if (outcomes.length < all.filter((id) => levelOf(id) === level).length) return 'not run';
  if (own.some(({ lacks }) => lacks !== undefined)) return 'not run';
  if (outcomes.includes('inconclusive')) return 'inconclusive';
  if (outcomes.includes('waived')) return 'waived';
  return outcomes.includes('pass') ? 'pass' : 'n/a';
}

/** The levels whose subject a store offers. */
export function offeredLevels(target: ConformanceTarget, features: Features): Level[] {
  return LEVELS.filter((level) => OFFERED[level](target, features));
}

/** A level and those that it stands on. */
export function levelWithBases(level: Level): Level[] {
  const base = BASE[level];
  return base === undefined ? [level] : [...levelWithBases(base), level];
}

const OFFERED: Record<Level, (target: ConformanceTarget, features: Features) => boolean> = {
  Core: () => true,
  Versioned: (_target, { capabilities }) => capabilities !== undefined,
  Transactional: (_target, { capabilities }) =>
    capabilities?.atomic === 'multi' && capabilities.idempotency === true,
  Queryable: (_target, { capabilities, methods }) =>
    methods.has('remove') &&
    methods.has('list') &&
    capabilities !== undefined &&
    capabilities.watch !== 'none',
  Durable: ({ durable }) => durable === true,
  Efficient: ({ probe }) => probe !== undefined && Object.values(probe).some((f) => typeof f === 'function'),
};
