import Database from 'better-sqlite3';
import type { MappingPlan } from '../mapping/table-plan';
import { compileMapping } from '../mapping/compile-mapping';
import { SqliteMappedStore } from '../sqlite-mapped-store';
import type { SchemaPair } from './schema-pairs';

/** What SQL's `typeof` may say of a column. */
const SQL_TYPES = {
  text: ['text'],
  boolean: ['integer'],
  integer: ['integer'],
  number: ['integer', 'real'],
  json: ['text'],
  any: ['text', 'integer', 'real'],
};

/** Persist the documents one over the other: each comes back to the letter, also to a store that knows no rows. */
export async function checkPair({ mapping, schema, documents }: SchemaPair): Promise<void> {
  const database = new Database(':memory:');
  try {
    const store = new SqliteMappedStore(database, { mapping, schema });
    for (const full of documents) {
      await store.persist('A', 'root', {}, full);
      await store.persist('A', '', {}, full);
      const fresh = new SqliteMappedStore(database, { mapping, schema });
      for (const [who, id] of [
        [store, 'root'],
        [fresh, 'root'],
        [fresh, ''],
      ] as const) {
        // prettier-ignore
        expect(JSON.stringify(await who.load('A', id))).toBe(JSON.stringify(full));
      }
    }
    checkTypes(database, compileMapping(mapping, schema));
    await store.remove('A', 'root');
    await store.remove('A', '');
    expectNothingLeft(database, compileMapping(mapping, schema));
  } finally {
    database.close();
  }
}

function checkTypes(database: Database.Database, plan: MappingPlan): void {
  for (const { entity, columns } of plan.values()) {
    for (const { property, kind } of columns) {
      const column = `"${property.replaceAll('"', '""')}"`;
      const types = database.prepare(
        `SELECT DISTINCT typeof(${column}) FROM "${entity}" WHERE ${column} IS NOT NULL`,
      );
      expect(SQL_TYPES[kind]).toEqual(expect.arrayContaining(types.pluck().all()));
    }
  }
}

function expectNothingLeft(database: Database.Database, plan: MappingPlan): void {
  for (const { entity } of plan.values()) {
    expect(database.prepare(`SELECT * FROM "${entity}"`).all()).toEqual([]);
  }
}
