import { rejection, type RuleContext } from '../rule-context';
import type { Subject } from '../subject';
import { DOC } from '../suite-schema';

/** How a name is persisted that some backends cannot hold. */
export interface HoldOptions {
  type?: string | undefined;
  /** Whether the store can refuse the name: by default where the contract allows it, see `Store`. */
  mayRefuse?: boolean | undefined;
}

/**
 * Persist a state under a name. A store may refuse one that its backend cannot hold.
 *
 * @returns whether the name is held.
 */
export async function persistIfHeld(
  t: RuleContext,
  store: Subject,
  id: string,
  state: object,
  { type = DOC, mayRefuse = isHard(type) || isHard(id) }: HoldOptions = {},
): Promise<boolean> {
  const error = await rejection(store.persist(type, id, {}, state));
  if (error === undefined) return true;
  if (!mayRefuse) throw error.value;
  t.checkCode(error.value, ['STORE_INVALID_KEY'], 'refusing a name that the backend cannot hold');
  return false;
}

/** Whether a name has control characters or line ends, or is longer than a column usually is. */
function isHard(name: string): boolean {
  return /[\p{Cc}\u2028\u2029]/u.test(name) || Buffer.byteLength(name) > 255;
}
