import { copyState } from '../instances/copy-state';

/**
 * How states are kept apart from what handlers do with them.
 *
 * - `copy`: a handler gets a copy, which it may change.
 * - `frozen`: it gets the state itself, deeply frozen, and what it returns is frozen too. This saves two
 *   copies of the state; a handler that tries to change one throws (in strict mode, as in modules).
 */
export type HandlerInput = 'copy' | 'frozen';

/** What is done to a state on its way between the engine and a handler. */
export interface Isolation {
  /** What a handler gets for a state that the engine keeps. */
  toHandler<T>(state: T): T;
  /** What the engine keeps of a state that a handler returned. */
  fromHandler<T>(state: T): T;
}

/** @throws TypeError when `input` is neither. */
export function isolation(input: HandlerInput = 'copy'): Isolation {
  if (input === 'copy') return { toHandler: copyState, fromHandler: copyState };
  if (input === 'frozen') return { toHandler: deepFreeze, fromHandler: deepFreeze };
  throw new TypeError("handlerInput must be 'copy' or 'frozen'.");
}

/**
 * Anything already frozen is assumed to be frozen all the way down: most of a next state is the previous one.
 */
function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const child of Object.values(value)) deepFreeze(child);
  return value;
}
