import { describeError } from '../describe-error';
import { offeredLevels } from '../levels';
import type { Tested } from '../make-report';
import type { RuleResult } from '../report';
import { selectRules } from '../select-rules';
import { Session, type Earlier } from '../session';
import { loadTarget } from './load-target';
import { markSuiteProcess } from './suite-process';

/** What a process is to run. */
export interface RuleAssignment {
  readonly module: string;
  readonly rules: readonly string[];
  readonly seed: number;
  readonly timeout: number;
  readonly earlier: Earlier;
}

/** What it tells, in this order: usable or not, then of each rule its start and its end. */
export type RuleProcessMessage =
  | { readonly kind: 'unusable'; readonly message: string }
  | { readonly kind: 'ready'; readonly tested: Tested }
  | { readonly kind: 'started'; readonly id: string }
  | { readonly kind: 'ended'; readonly result: RuleResult; readonly earlier: Earlier }
  | { readonly kind: 'done' }
  /** Sent all the time, as long as the event loop turns. */
  | { readonly kind: 'alive' };

/** How often a process says that it is alive, in milliseconds. */
const HEARTBEAT = 100;

markSuiteProcess();
process.once('disconnect', () => process.exit());

process.once('message', (assignment: RuleAssignment) => {
  setInterval(() => say({ kind: 'alive' }), HEARTBEAT);
  run(assignment).then(
    () => say({ kind: 'done' }),
    (error: unknown) => {
      say({ kind: 'unusable', message: error instanceof Error ? error.message : describeError(error) });
    },
  );
});

async function run({ module, rules, ...options }: RuleAssignment): Promise<void> {
  const target = await loadTarget(module);
  const session = new Session(target, options);
  const features = await session.features();
  const { name } = target;
  const capabilities = features.capabilities === undefined ? null : { ...features.capabilities };
  say({ kind: 'ready', tested: { name, capabilities, offered: offeredLevels(target, features) } });
  for (const rule of selectRules(rules)) {
    say({ kind: 'started', id: rule.id });
    const result = await session.run(rule);
    say({ kind: 'ended', result, earlier: session.earlier });
  }
}

function say(message: RuleProcessMessage): void {
  if (process.connected) process.send?.(message);
}
