import { join } from 'node:path';
import { STORES, type StoreName } from './stores';

/** What the environment says. */
export interface Settings {
  /** `PORT`; 0 takes a free one. */
  readonly port: number;
  /** `STORE`. */
  readonly storeName: StoreName;
  /** `DB`: the file of the database. */
  readonly database: string;
}

/** A variable of the environment that cannot be used; the message says what can. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

/**
 * Reads the settings.
 *
 * @param folder where the database is when `DB` is not set
 * @throws SettingsError when one is wrong.
 */
export function readSettings(environment: NodeJS.ProcessEnv, folder: string): Settings {
  const { PORT = '3000', STORE = 'sqlite', DB } = environment;
  const port = Number(PORT);
  if (!/^\d+$/.test(PORT) || port > 65_535) {
    throw new SettingsError(`PORT must be a whole number from 0 to 65535, and is "${PORT}".`);
  }
  if (!isStoreName(STORE)) {
    throw new SettingsError(`STORE must be one of ${Object.keys(STORES).join(', ')}, and is "${STORE}".`);
  }
  // Each store has a file of its own: the tables are not the same.
  const file = STORE === 'mapped' ? 'todo-mapped.db' : 'todo.db';
  return { port, storeName: STORE, database: DB || join(folder, file) };
}

function isStoreName(name: string): name is StoreName {
  return Object.hasOwn(STORES, name);
}
