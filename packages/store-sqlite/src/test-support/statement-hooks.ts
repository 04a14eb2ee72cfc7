import Database from 'better-sqlite3';

/** Called before each statement of any connection in this process; it may throw instead of the driver. */
export type StatementHook = (path: string, sql: string) => void;

const hooks = new Set<StatementHook>();

interface NativeStatement {
  readonly source: string;
  readonly database: { readonly name: string };
}

type Method = (this: NativeStatement, ...params: unknown[]) => unknown;

/**
 * Have a hook called before each statement, until the function that is returned is called. The stores
 * open the files by themselves as they always do; it is the driver beneath them that is listened to.
 */
export function hookStatements(hook: StatementHook): () => void {
  if (hooks.size === 0) listen();
  hooks.add(hook);
  return () => {
    hooks.delete(hook);
    if (hooks.size === 0) unlisten();
  };
}

let unlisten = (): void => undefined;

function listen(): void {
  const database = new Database(':memory:');
  const native = Object.getPrototypeOf(database.prepare('SELECT 1')) as Record<string, Method>;
  database.close();
  const names = ['run', 'get', 'all', 'iterate'];
  const originals = names.map((name) => [name, native[name] as Method] as const);
  for (const [name, original] of originals) {
    native[name] = function (...params) {
      for (const hook of hooks) hook(this.database.name, this.source);
      return original.apply(this, params);
    };
  }
  unlisten = () => {
    for (const [name, original] of originals) native[name] = original;
  };
}
