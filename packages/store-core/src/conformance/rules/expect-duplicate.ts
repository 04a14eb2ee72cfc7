import type { CommitResult } from '../../store';
import { expectSame } from '../expect';

/**
 * An event that was committed before must be told so, with the revs that it took.
 *
 * @param cause the usual reason for an event that is not known.
 */
export function expectDuplicate(
  got: CommitResult | undefined,
  revs: readonly number[],
  what: string,
  cause = 'The event id is not recorded in the same step as the state.',
): void {
  const isKnown = got?.status === 'duplicate';
  const likely = isKnown ? 'A duplicate answers with other revs than its event took.' : cause;
  expectSame(got, { status: 'duplicate', revs }, what, likely);
}
