import { describeError } from '../describe-error';
import { expectThat } from '../expect';
import { rejection } from '../rule-context';
import { stubCause } from '../stub-cause';

/** A call must resolve, whatever with. */
export async function expectResolved<T>(call: Promise<T>, what: string, cause?: string): Promise<T> {
  const error = await rejection(call);
  expectThat(error === undefined, what, {
    got: `it rejected with ${describeError(error?.value)}`,
    cause: stubCause(error?.value) ?? cause,
  });
  return call;
}
