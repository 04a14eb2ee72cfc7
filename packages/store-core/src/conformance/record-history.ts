import { fail } from './expect';
import { Inconclusive } from './failure';
import { checkLinearizable, type Operation } from './linearizability';
import { turn } from './turns';

/** How long a client waits before its next call: not at all, for a microtask, or for a turn. */
export type Delay = 0 | 1 | 2;

/** One call of a client: made when its turn comes; answers with what the call is in the history. */
export interface Step<State> {
  readonly delay: Delay;
  /** Make the call, and say what it did once it has settled. */
  run(): Promise<Pick<Operation<State>, 'label' | 'apply'> & { unknown?: boolean }>;
}

/** Run clients side by side, each calling one step after the other, and record what happens. */
export async function recordHistory<State>(
  clients: readonly (readonly Step<State>[])[],
): Promise<Operation<State>[]> {
  const history: Operation<State>[] = [];
  let clock = 0;
  const runClient = async (steps: readonly Step<State>[]): Promise<void> => {
    for (const step of steps) {
      await wait(step.delay);
      const invoked = clock++;
      const { unknown, ...did } = await step.run();
      history.push({ ...did, invoked, returned: unknown === true ? Infinity : clock++ });
    }
  };
  await Promise.all(clients.map(runClient));
  return history;
}

/**
 * Fail unless the history is linearizable.
 *
 * @throws Inconclusive when most outcomes are unknown.
 */
export function expectLinearizable<State>(
  initial: State,
  history: readonly Operation<State>[],
  keyOf: (state: State) => string,
  cause: string,
): void {
  const unknown = history.filter(({ returned }) => returned === Infinity).length;
  if (unknown * 2 > history.length) {
    throw new Inconclusive(`${unknown} of ${history.length} calls ended without a known outcome`);
  }
  const verdict = checkLinearizable(initial, history, keyOf);
  if (verdict.linearizable) return;
  fail('no order of the calls explains their answers', {
    got: `after ${verdict.order.slice(-6).join(' · ') || 'nothing'}, none of: ${verdict.stuck.join(' · ')}`,
    want: 'each call takes effect at one moment between its start and its answer',
    cause,
  });
}

async function wait(delay: Delay): Promise<void> {
  if (delay === 1) await Promise.resolve();
  if (delay === 2) await turn();
}
