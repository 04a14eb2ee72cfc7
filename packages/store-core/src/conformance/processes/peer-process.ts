import type { Hint, Store, VersionedStore } from '../../store';
import type { ConformanceTarget, World } from '../define-target';
import { featuresOf, type Features } from '../need';
import { loadTarget } from './load-target';
import { markSuiteProcess } from './suite-process';

/** What a rule asks of another process. Worlds come as JSON keeps them. */
export type PeerRequest =
  | { readonly op: 'import'; readonly module: string }
  /** Without a world, on one of its own, which needs no place that another process could name. */
  | { readonly op: 'open'; readonly world: object | undefined }
  | {
      readonly op: 'call';
      readonly handle: number;
      readonly method: string;
      readonly args: readonly unknown[];
    }
  | { readonly op: 'watch'; readonly handle: number }
  | { readonly op: 'unwatch'; readonly watch: number }
  | { readonly op: 'close'; readonly handle: number }
  | { readonly op: 'leave' };

/** What it says: the answer to the `n`-th request, or a hint of the n-th, which was a `watch`. */
export type PeerMessage =
  | { readonly n: number; readonly result: unknown }
  | { readonly n: number; readonly error: object }
  | { readonly n: number; readonly hint: Hint };

/** What opening answers. */
export interface OpenedHandle {
  readonly handle: number;
  readonly features: Features;
}

type Handle = Store & Partial<VersionedStore>;

let target: ConformanceTarget;
let ownWorld: World | undefined;
const handles: Handle[] = [];
const watches = new Map<number, () => Promise<void>>();

markSuiteProcess();
// Nobody asks any more: the process that started this one has ended.
const orphaned = (): never => process.exit();
process.once('disconnect', orphaned);

process.on('message', ({ n, request }: { n: number; request: PeerRequest }) => {
  answer(n, request).then(
    (result) => say({ n, result }),
    (error: unknown) => say({ n, error: plainError(error) }),
  );
});

function say(message: PeerMessage): void {
  if (process.connected) process.send?.(message);
}

async function answer(n: number, request: PeerRequest): Promise<unknown> {
  switch (request.op) {
    case 'import':
      target = await loadTarget(request.module);
      return undefined;
    case 'open': {
      if (request.world === undefined) ownWorld ??= await target.createWorld();
      const store: Handle = await target.open(request.world ?? (ownWorld as World));
      return { handle: handles.push(store) - 1, features: featuresOf(store) } satisfies OpenedHandle;
    }
    case 'call':
      return call(handleAt(request.handle), request.method, request.args);
    case 'watch': {
      const unsubscribe = await handleAt(request.handle).watch?.((hint) => say({ n, hint: { ...hint } }));
      if (unsubscribe !== undefined) watches.set(n, unsubscribe);
      return n;
    }
    case 'unwatch':
      return watches.get(request.watch)?.();
    case 'close': {
      const store = handleAt(request.handle);
      await (target.close ? target.close(store) : store.close?.());
      return undefined;
    }
    case 'leave':
      await ownWorld?.destroy?.();
      process.off('disconnect', orphaned);
      // The answer must be out before the channel closes; what ends the process then is the store.
      setImmediate(() => process.disconnect());
      return undefined;
  }
}

function handleAt(handle: number): Handle {
  const store = handles[handle];
  if (store === undefined) throw new Error(`There is no handle ${handle}.`);
  return store;
}

function call(store: Handle, method: string, args: readonly unknown[]): unknown {
  const found = (store as unknown as Record<string, unknown>)[method];
  if (typeof found !== 'function') throw new Error(`The store has no method \`${method}\`.`);
  return Reflect.apply(found, store, args) as unknown;
}

/** An error as data, with what a `StoreError` says. */
function plainError(error: unknown): object {
  const { name, code, message, type, id, index, expected, actual, rev } = Object(error) as Record<
    string,
    unknown
  >;
  const known = { name, code, message: message ?? String(error), type, id, index, expected, actual, rev };
  return Object.fromEntries(
    Object.entries(known).filter(([, value]) => typeof value === 'string' || typeof value === 'number'),
  );
}
