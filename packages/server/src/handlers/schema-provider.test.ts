import type { JsonSchema } from '@nasc/client';
import { schemaPatches, schemasOf, type SchemaProvider } from './schema-provider';

const Todo = { type: 'object' };
const List = {
  properties: {
    items: { type: 'array', items: { $ref: '#/$defs/Todo' } },
    again: { items: { $ref: '#/$defs/Todo' } },
    self: { items: { $ref: '#/$defs/List' } },
    missing: { items: { $ref: '#/$defs/Missing' } },
    inherited: { items: { $ref: '#/$defs/constructor' } },
    elsewhere: { items: { $ref: 'https://example.org/Todo' } },
    odd: { items: { $ref: 7 } },
    flag: true,
    none: null,
  },
};
const map = { List, Todo } as Record<string, JsonSchema>;
const forms: [string, SchemaProvider][] = [
  ['a document', { $id: 'x', $defs: map }],
  ['its $defs', map],
  ['a function', (type) => map[type]],
  ['an async source', { schema: async (type) => map[type] ?? null, types: async () => Object.keys(map) }],
];

describe('a schemaProvider', () => {
  it.each(forms)('can be %s', async (_name, provider) => {
    const patches = await schemaPatches(schemasOf(provider), 'List', 'a');
    expect(patches.map(({ type, instance }) => [type, instance])).toEqual([
      ['List', 'a'],
      ['Todo', 'a'],
    ]);
    expect(patches[1]).toEqual({ action: 'schema', instance: 'a', type: 'Todo', schema: Todo });
  });

  it('lists its types, unless it is a function', async () => {
    const types = await Promise.all(forms.map(([, provider]) => schemasOf(provider).types()));
    expect(types).toEqual([['List', 'Todo'], ['List', 'Todo'], [], ['List', 'Todo']]);
  });

  it('sends no schema for an unknown type', async () => {
    expect(await schemaPatches(schemasOf(undefined), 'List', 'a')).toEqual([]);
    expect(await schemaPatches(schemasOf(map), 'constructor', 'a')).toEqual([]);
    expect(() => schemasOf('x' as never)).toThrow(TypeError);
  });
});
