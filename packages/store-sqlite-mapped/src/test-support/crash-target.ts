import Database from 'better-sqlite3';
import { existsSync } from 'node:fs';
import { SqliteMappedStore } from '@nasc/store-sqlite-mapped';

/** The built `SqliteMappedStore`, its items in rows, for the runner that kills SQLite stores. */
const items = { type: 'array', items: { $ref: '#/$defs/Item' } };
const options = {
  mapping: {
    Board: { 'x-na:store': { entity: 'boards', pk: 'id' } },
    Item: { 'x-na:store': { entity: 'items', pk: 'id' } },
  },
  schema: { $defs: { Board: { properties: { id: {}, items } }, Item: { properties: { id: {} } } } },
};

const target = {
  open: (location: string) => new SqliteMappedStore(location, { ...options, durability: 'fsync' }),
  verify(location: string): string[] {
    if (!existsSync(location)) return [];
    const database = new Database(location);
    try {
      const found = database.pragma('integrity_check', { simple: true });
      const marked = database.prepare('SELECT count(*) FROM _nasc_revs WHERE removed = 2').pluck().get();
      return [
        ...(found === 'ok' ? [] : [`integrity_check: ${String(found)}`]),
        ...(marked ? ['a mark was left'] : []),
      ];
    } finally {
      database.close();
    }
  },
};

export default target;
