import type { Store, StoreCapabilities, VersionedStore } from '../store';
import type { ConformanceTarget } from './define-target';

/** Something that not every store or target has. */
export type Need =
  | 'capabilities'
  | 'multi'
  | 'idempotency'
  | 'watch'
  | 'remove'
  | 'list'
  | 'types'
  | 'findEvent'
  | 'close'
  | 'durable'
  | 'module'
  | 'raw.corrupt'
  | 'faults'
  | 'faults.full'
  | 'faults.readonly'
  | 'faults.lock'
  | 'faults.failWrite'
  | 'faults.failRead'
  | 'faults.newerFormat'
  | 'probe'
  | 'probe.rowsWritten'
  | 'probe.bytesWritten'
  | 'probe.statements';

/** What a handle of the store offers. */
export interface Features {
  readonly capabilities: StoreCapabilities | undefined;
  /** The methods that it has, of those that are optional. */
  readonly methods: ReadonlySet<string>;
}

/** Whether a need is met: yes, no with the reason (n/a), or broken with what is wrong (fail). */
export type NeedVerdict =
  { met: true } | { met: false; reason: string; lacks?: 'module' } | { met: 'broken'; flaw: string };

const NO_MODULE = 'the target has no `module` that another process could import';
const MET: NeedVerdict = { met: true };
const OPTIONAL_METHODS = [
  'loadVersioned',
  'commit',
  'close',
  'remove',
  'list',
  'types',
  'findEvent',
  'watch',
] as const;

/** A method that not every store has. */
export type OptionalMethod = (typeof OPTIONAL_METHODS)[number];

/** Look at a handle, calling nothing. */
export function featuresOf(store: Store & Partial<VersionedStore>): Features {
  const methods = OPTIONAL_METHODS.filter((name) => typeof store[name] === 'function');
  return { capabilities: store.capabilities, methods: new Set(methods) };
}

/** Whether the target alone rules a need out: known before a handle is opened. */
export function targetLacks(need: Need, target: ConformanceTarget): string | undefined {
  if (need === 'durable') return target.durable === true ? undefined : 'the target is not `durable`';
  if (need === 'module') return target.module === undefined ? NO_MODULE : undefined;
  const [part, name] = need.split('.') as [string, string | undefined];
  const probes = target[part as 'raw' | 'faults' | 'probe'] as Record<string, unknown> | undefined;
  if (need === 'faults' || need === 'probe') {
    const any = Object.values(probes ?? {}).some((each) => typeof each === 'function');
    return any ? undefined : `the target has no \`${need}\``;
  }
  if (name === undefined) return undefined;
  return typeof probes?.[name] === 'function' ? undefined : `the target has no \`${need}\``;
}

/** Judge one need. A capability that is declared and cannot be used is a failure, not an absence. */
export function judgeNeed(need: Need, target: ConformanceTarget, features: Features): NeedVerdict {
  const lacking = targetLacks(need, target);
  if (lacking !== undefined) {
    return { met: false, reason: lacking, ...(need === 'module' ? { lacks: 'module' } : {}) };
  }
  if (['durable', 'module', 'faults', 'probe'].includes(need) || need.includes('.')) return MET;
  if (need === 'remove' || need === 'list' || need === 'types') return judgeMethod(need, features);
  if (need === 'close') return target.close === undefined ? judgeMethod(need, features) : MET;
  const { capabilities, methods } = features;
  if (capabilities === undefined) return { met: false, reason: 'the store has no `capabilities`' };
  const flaw = capabilitiesFlaw(capabilities, methods);
  if (flaw !== undefined) return { met: 'broken', flaw };
  if (need === 'findEvent') return judgeMethod(need, features);
  if (need === 'multi' && capabilities.atomic !== 'multi') return declared("atomic: 'instance'");
  if (need === 'idempotency' && !capabilities.idempotency) return declared('idempotency: false');
  if (need === 'watch' && capabilities.watch === 'none') return declared("watch: 'none'");
  return MET;
}

function judgeMethod(name: string, { methods }: Features): NeedVerdict {
  return methods.has(name) ? MET : { met: false, reason: `the store has no method \`${name}\`` };
}

function declared(what: string): NeedVerdict {
  return { met: false, reason: `the store declares ${what}` };
}

const VALUES: Record<keyof StoreCapabilities, readonly unknown[]> = {
  atomic: ['instance', 'multi'],
  idempotency: [true, false],
  watch: ['none', 'process', 'host', 'cluster'],
  durability: ['none', 'relaxed', 'fsync', 'quorum'],
};

function capabilitiesFlaw(capabilities: StoreCapabilities, methods: ReadonlySet<string>): string | undefined {
  for (const [name, allowed] of Object.entries(VALUES)) {
    const value = capabilities[name as keyof StoreCapabilities];
    if (!allowed.includes(value)) {
      return `\`capabilities.${name}\` is ${JSON.stringify(value) ?? 'undefined'}, and must be one of ${JSON.stringify(allowed)}`;
    }
  }
  for (const name of ['loadVersioned', 'commit', 'close']) {
    if (!methods.has(name)) return `the store has \`capabilities\`, and no method \`${name}\``;
  }
  const watches = capabilities.watch !== 'none';
  if (watches && !methods.has('watch')) {
    return `the store declares watch: '${capabilities.watch}', and has no method \`watch\``;
  }
  if (!watches && methods.has('watch')) {
    return "the store declares watch: 'none', and has a method `watch`: what is not offered is absent";
  }
  if (!capabilities.idempotency && methods.has('findEvent')) {
    return 'the store declares idempotency: false, and has a method `findEvent`: what is not offered is absent';
  }
  return undefined;
}
