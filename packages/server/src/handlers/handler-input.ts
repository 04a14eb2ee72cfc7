import { copyState } from '../instances/copy-state';

/**
 * How states are kept apart from what handlers do with them.
 *
 * - `copy`: a handler gets a copy, which it may change.
 * - `frozen`: it gets the state itself, deeply frozen, and what it returns is frozen too. Faster by two
 *   copies of the state; a handler that tries to change one throws (in strict mode, as modules are).
 */
export type HandlerInput = 'copy' | 'frozen';

/** The two crossings between the engine and a handler. */
export interface Crossing {
  /** What a handler gets of a state that the engine keeps. */
  give<T>(state: T): T;
  /** What the engine keeps of a state that a handler returned. */
  keep<T>(state: T): T;
}

/** @throws TypeError when `input` is neither. */
export function crossing(input: HandlerInput = 'copy'): Crossing {
  if (input === 'copy') return { give: copyState, keep: copyState };
  if (input === 'frozen') return { give: deepFreeze, keep: deepFreeze };
  throw new TypeError("handlerInput must be 'copy' or 'frozen'.");
}

/** What is frozen already is taken to be so all the way down: most of a next state is the one before. */
function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const child of Object.values(value)) deepFreeze(child);
  return value;
}
