import { isStoreError, type StoreError } from '@nasc/store-core';
import { APP } from '../test-support/open-store';
import { compileMapping } from './compile-mapping';
import type { TablePlan } from './table-plan';

const mappingOf = (types: Record<string, unknown>): object =>
  Object.fromEntries(Object.entries(types).map(([type, store]) => [type, { 'x-na:store': store }]));

function refusal(mapping: unknown, schema: unknown): StoreError {
  try {
    compileMapping(mapping, schema);
  } catch (error) {
    if (isStoreError(error)) return error;
    throw error;
  }
  throw new Error('was not refused');
}

/** The kind of the column of a property `p` with a schema. */
function kindOf(schema: unknown, $defs: object = {}): string | undefined {
  const plan = compileMapping({ T: {} }, { $defs: { T: { properties: { p: schema } }, ...$defs } });
  return plan.get('T')?.columns.find(({ property }) => property === 'p')?.kind;
}

describe('compileMapping', () => {
  it('takes the reference as it is', () => {
    const plan = compileMapping(APP.mapping, APP.schema);
    expect([...plan.keys()]).toEqual(['User', 'Todo', 'TodoList']);
    expect(plan.get('Todo')).toEqual({
      type: 'Todo',
      entity: 'todos',
      pk: 'id',
      pkKind: 'text',
      columns: [{ property: 'title', kind: 'text' }, { property: 'completed', kind: 'boolean' }],
      lists: [],
      foreignKeys: [{ parentType: 'TodoList', column: 'todo_list_id' }],
      order: ['id', 'title', 'completed'],
    } satisfies TablePlan); // prettier-ignore
    expect(plan.get('TodoList')?.lists).toEqual([
      { property: 'items', childType: 'Todo', presence: '_na_list_items', required: true },
    ]);
  });

  it.each<[unknown, string]>([
    [{ type: 'string' }, 'text'],
    [{ type: ['string', 'null'] }, 'text'],
    [{ type: 'boolean' }, 'boolean'],
    [{ type: 'integer' }, 'integer'],
    [{ type: 'number' }, 'number'],
    [{ type: ['integer', 'number'] }, 'number'],
    [{ type: 'object' }, 'json'],
    [{ type: 'array', items: { type: 'string' } }, 'json'],
    [{ type: 'array', items: { type: 'object', properties: {} } }, 'json'],
    [{ type: ['object', 'array'] }, 'json'],
    [{}, 'any'],
    [true, 'any'],
    [{ type: ['string', 'number'] }, 'any'],
    [{ enum: ['a', 'b', null] }, 'text'],
    [{ enum: [1, 2] }, 'integer'],
    [{ enum: [1, 2.5] }, 'number'],
    [{ const: true }, 'boolean'],
    [{ anyOf: [{ type: 'string' }, { type: 'null' }] }, 'text'],
    [{ oneOf: [{ type: 'string' }, { type: 'boolean' }] }, 'any'],
    [{ allOf: [{ type: ['string', 'number'] }, { type: 'string' }] }, 'text'],
    [{ $ref: '#/$defs/Name' }, 'text'],
    [{ $ref: '#/$defs/Again' }, 'any'],
    [{ $ref: 'other.json#/$defs/T' }, 'any'],
  ])('gives %j a column of kind %s', (schema, kind) => {
    expect(kindOf(schema, { Name: { type: 'string' }, Again: { $ref: '#/$defs/Again' } })).toBe(kind);
  });

  it('makes rows of arrays of a mapped type, however the schema says it', () => {
    const list = { type: 'array', items: { $ref: '#/$defs/C' } };
    const properties = {
      plain: list,
      nullable: { type: ['array', 'null'], items: list.items },
      chosen: { anyOf: [{ type: 'null' }, list] },
      referred: { $ref: '#/$defs/List' },
      inline: { type: 'array', items: { properties: {} } },
      unmapped: { type: 'array', items: { $ref: '#/$defs/Other' } },
    };
    const schema = { $defs: { T: { properties }, C: {}, List: list, Other: {} } };
    const plan = compileMapping({ T: {}, C: {} }, schema);
    expect(plan.get('T')?.lists.map(({ property }) => property)).toEqual([
      'plain',
      'nullable',
      'chosen',
      'referred',
    ]);
    expect(plan.get('T')?.columns.map(({ property }) => property)).toEqual(['inline', 'unmapped']);
  });

  it('leaves what leads back to its own type in a JSON column', () => {
    const items = (type: string): object => ({
      properties: { list: { type: 'array', items: { $ref: `#/$defs/${type}` } } },
    });
    const plan = compileMapping(
      { A: {}, B: {}, C: {} },
      { $defs: { A: items('B'), B: items('A'), C: items('A') } },
    );
    expect(plan.get('A')?.columns).toEqual([{ property: 'list', kind: 'json' }]);
    expect(plan.get('C')?.lists.map(({ childType }) => childType)).toEqual(['A']);
  });

  it('gives properties that SQL cannot tell apart one column, and ours none', () => {
    const properties = {
      id: {},
      Title: {},
      title: {},
      ID: {},
      _na_pos: {},
      '': {},
      'a\0': {},
      '\ud800': {},
      list_id: {},
      'a"b': {},
    };
    const list = { properties: { l: { type: 'array', items: { $ref: '#/$defs/T' } } } };
    const mapping = mappingOf({ T: { entity: 'ts' }, List: { entity: 'lists' } });
    const plan = compileMapping(mapping, { $defs: { T: { properties }, List: list } });
    expect(plan.get('T')?.columns.map(({ property }) => property)).toEqual(['Title', 'a"b']);
    expect(plan.get('T')?.foreignKeys).toEqual([{ parentType: 'List', column: 'list_id' }]);
  });

  it('tells foreign keys of two parents apart', () => {
    const list = { properties: { l: { type: 'array', items: { $ref: '#/$defs/T' } } } };
    const mapping = mappingOf({ T: {}, A: { entity: 'box1' }, B: { entity: 'box2' } });
    const plan = compileMapping(mapping, { $defs: { T: {}, A: list, B: list } });
    expect(plan.get('T')?.foreignKeys.map(({ column }) => column)).toEqual(['box_id', 'box_id_2']);
  });

  it('tells all problems at once, each with its place', () => {
    const mapping = { ...mappingOf({ A: { entity: '' }, B: { pk: 5 }, C: { entity: 'x' }, 'D/~': { entity: 'X' } }), E: 7, F: { 'x-na:store': 'f' } };
    const { code, message } = refusal(mapping, { $defs: { C: {}, 'D/~': {} } });
    expect(code).toBe('STORE_SCHEMA');
    for (const part of [
      'mapping#/A/x-na:store/entity: must be a non-empty string',
      'mapping#/B/x-na:store/pk: must be a non-empty string',
      'mapping#/D~1~0/x-na:store/entity: is the entity of "C" too',
      'mapping#/E: must be an object with "x-na:store"',
      'mapping#/F/x-na:store: must be an object',
    ]) {
      expect(message).toContain(part);
    }
  }); // prettier-ignore

  it('refuses what would silently make other tables', () => {
    const mapping = { A: { 'x-na:stroe': { entity: 'as' } }, B: { 'x-na:store': { entitty: 'bs', $comment: 'fine' } }, $id: 'm' };
    const schema = {
      $defs: {
        A: { properties: { b: { items: { $ref: '#/$defs/Bee' } }, c: { anyOf: [{ type: 'arry' }] }, d: { type: 'array', items: { $ref: '#/$defs/100%' } } } },
        B: { type: ['string', 'none'] },
      },
    };
    const { message } = refusal(mapping, schema);
    expect(message.split('\n- ').slice(1)).toEqual([
      'schema#/$defs/A/properties/b/items/$ref: there is nothing at "#/$defs/Bee"',
      'schema#/$defs/A/properties/c/anyOf/0/type: "arry" is none of null, boolean, integer, number, string, array, object',
      'schema#/$defs/A/properties/d/items/$ref: there is nothing at "#/$defs/100%"',
      'schema#/$defs/B/type: "none" is none of null, boolean, integer, number, string, array, object',
      'mapping#/A/x-na:stroe: is not known; here may be x-na:store',
      'mapping#/B/x-na:store/entitty: is not known; here may be entity, pk',
    ]);
    expect(refusal({ A: {} }, { definitions: { A: {} } }).message).toContain('schema#/definitions: is called $defs');
    expect(refusal(schema, mapping).message).toContain('mapping#/$defs');
  }); // prettier-ignore

  it.each(['sqlite_x', '_na_x', '_NASC_x', 'a\0b', '\ud800'])('refuses the entity %j', (entity) => {
    expect(refusal(mappingOf({ T: { entity } }), { $defs: { T: {} } }).code).toBe('STORE_SCHEMA');
  });

  it.each([[null, {}], [{}, null], [[], {}], [{}, { $defs: 5 }], ['x', 'y']])('refuses %j and %j', (mapping, schema) => {
    expect(refusal(mapping, schema).message).toContain('must be');
  }); // prettier-ignore
});
