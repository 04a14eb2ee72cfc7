import type { JsonSchema, SchemaPatch } from '@nasc/client';

/**
 * Where schemas come from. Any of:
 * - a JSON Schema document with `$defs`, as `app.schema.json` is;
 * - the `$defs` alone: schemas by type name;
 * - a function `(type) => schema`;
 * - an object with that function as `schema`, and `types()` for the list of types.
 *
 * Functions may be async, and answer `null` or `undefined` for a type that they do not know.
 */
export type SchemaProvider = SchemaDocument | SchemaMap | SchemaFunction | SchemaSource;

export interface SchemaDocument {
  readonly $defs: SchemaMap;
  readonly [keyword: string]: unknown;
}
export type SchemaMap = Readonly<Record<string, JsonSchema>>;
export type SchemaFunction = (type: string) => MaybeSchema | Promise<MaybeSchema>;
export interface SchemaSource {
  schema: SchemaFunction;
  /** The types there are; without it `GET /nasc/schema` lists none. */
  types?(): readonly string[] | Promise<readonly string[]>;
}
type MaybeSchema = JsonSchema | null | undefined;

/** A provider in one form. */
export interface Schemas {
  /** The types that have a schema. */
  types(): Promise<readonly string[]>;
  /** The schema of a type, `null` when there is none. */
  schema(type: string): Promise<JsonSchema | null>;
}

/** @throws TypeError when `provider` is none of what {@link SchemaProvider} lists. */
export function schemasOf(provider: SchemaProvider | undefined): Schemas {
  if (provider === undefined) return fromMap({});
  if (typeof provider === 'function') return fromSource({ schema: provider });
  if (typeof provider !== 'object' || provider === null) {
    throw new TypeError('schemaProvider must be a schema document, an object of schemas, or a function.');
  }
  if (isSource(provider)) return fromSource(provider);
  const { $defs } = provider as SchemaDocument;
  return fromMap(typeof $defs === 'object' && $defs !== null ? $defs : (provider as SchemaMap));
}

/** The schema of a type, then of each child type that its arrays refer to, as patches. */
export async function schemaPatches(
  schemas: Schemas,
  type: string,
  instance: string,
): Promise<SchemaPatch[]> {
  const schema = await schemas.schema(type);
  if (schema === null) return [];
  const children = childTypes(schema).filter((child) => child !== type);
  const found = await Promise.all(
    children.map(async (child) => ({ type: child, schema: await schemas.schema(child) })),
  );
  return [{ type, schema }, ...found].flatMap((entry) =>
    entry.schema === null ? [] : [{ action: 'schema', instance, type: entry.type, schema: entry.schema }],
  );
}

function isSource(provider: object): provider is SchemaSource {
  return 'schema' in provider && typeof provider.schema === 'function';
}

function fromMap(map: SchemaMap): Schemas {
  return {
    types: async () => Object.keys(map),
    schema: async (type) => (Object.hasOwn(map, type) ? (map[type] ?? null) : null),
  };
}

function fromSource(source: SchemaSource): Schemas {
  return {
    types: async () => (await source.types?.()) ?? [],
    schema: async (type) => {
      const schema = await source.schema(type);
      return typeof schema === 'object' || typeof schema === 'boolean' ? schema : null;
    },
  };
}

const REF = '#/$defs/';

/** The types that a schema refers to anywhere in it. */
export function referredTypes(schema: unknown): Set<string> {
  if (typeof schema !== 'object' || schema === null) return new Set();
  const ref = field(schema, '$ref');
  const name = typeof ref === 'string' ? typeOfRef(ref) : undefined;
  const inner = Object.values(schema).flatMap((part) => [...referredTypes(part)]);
  return new Set(name === undefined ? inner : [name, ...inner]);
}

function childTypes(schema: JsonSchema): string[] {
  const properties = field(schema, 'properties');
  if (typeof properties !== 'object' || properties === null) return [];
  const refs = Object.values(properties).map((property) => field(field(property, 'items'), '$ref'));
  const names = refs.map((ref) => (typeof ref === 'string' ? typeOfRef(ref) : undefined));
  return [...new Set(names.filter((name) => name !== undefined))];
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? Reflect.get(value, name)
    : undefined;
}

function typeOfRef(ref: string): string | undefined {
  if (!ref.startsWith(REF)) return undefined;
  return ref.slice(REF.length).replaceAll('~1', '/').replaceAll('~0', '~');
}
