import { ALLOW_MORE, type Limits } from './pace';
import type { Rule } from './rule';
import { RULE_CALLS } from './rule-calls';

/** How many times the limit of silence a rule may take in all. */
const TOTAL = 6;
/** A call of the store may be several round trips: begin, read, write, commit. */
const TRIPS_PER_CALL = 4;

/**
 * The limits of a rule.
 *
 * @param timeout what the user allows.
 * @param roundTrip what one call takes, as measured when the run began, in milliseconds.
 */
export function limitsOf({ id, patience = 1 }: Rule, timeout: number, roundTrip: number): Limits {
  const calls = RULE_CALLS[id] ?? 0;
  return {
    silence: timeout + Math.round((TRIPS_PER_CALL * roundTrip) / 100) * 100,
    total: Math.round(timeout * TOTAL * patience + TRIPS_PER_CALL * calls * roundTrip),
  };
}

/** The message about a rule whose calls settle, and whose time is over. */
export function slowMessage(rule: Rule, settled: number, charged: number): string {
  const calls = RULE_CALLS[rule.id] ?? 0;
  const perCall = charged / Math.max(settled, 1);
  const isKnown = calls > settled;
  const needed = perCall * (isKnown ? calls : 2 * settled);
  const timeout = Math.ceil((needed * 1.5) / (TOTAL * (rule.patience ?? 1)) / 1_000) * 1_000;
  const forecast = isKnown
    ? `it makes about ${count(calls)} and would need about ${seconds(needed)}`
    : `how many more it makes is not known; it may need twice that time`;
  return (
    `the store is slow, or busy: ${count(settled)} calls of the rule settled in ${seconds(charged)}; ${forecast}. ` +
    `${ALLOW_MORE} Try --timeout ${timeout}.`
  );
}

function count(n: number): string {
  return n.toLocaleString('en-US');
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1_000).toFixed(1)} s`;
}
