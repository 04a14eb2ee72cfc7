import type { SqliteDriver } from './sqlite-driver';

const TYPES = 'SELECT type FROM _nasc_types WHERE ? IS NULL OR type > ? ORDER BY type';

/**
 * Up to `limit` recorded types after `after` that have live instances, in code-point order.
 *
 * @param isLive whether a type has any.
 */
export function liveTypes(
  driver: SqliteDriver,
  after: string | undefined,
  limit: number,
  isLive: (type: string) => boolean,
): string[] {
  if (!driver.hasRevTables) return [];
  const types = driver.prepare(TYPES, 'pluck').all(after ?? null, after ?? null) as string[];
  const live: string[] = [];
  for (const type of types) {
    if (live.length === limit) break;
    if (isLive(type)) live.push(type);
  }
  return live;
}
