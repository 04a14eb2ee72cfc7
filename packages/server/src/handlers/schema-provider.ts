import { isJsonObject } from '@nasc/store-core';
import type { JsonSchema, SchemaPatch } from '@nasc/client';

/**
 * Where schemas come from. Any of:
 * - a JSON Schema document with `$defs`, such as `app.schema.json`;
 * - the `$defs` alone: schemas by type name;
 * - a function `(type) => schema`;
 * - an object with that function as `schema`, and `types()` for the list of types.
 *
 * Functions can be async, and return `null` or `undefined` for an unknown type.
 */
export type SchemaProvider = SchemaDocument | SchemaMap | SchemaFunction | SchemaSource;

/** A JSON Schema document with the schema of each type in `$defs`. */
export interface SchemaDocument {
  /** Schemas by type name. */
  readonly $defs: SchemaMap;
  /** Other keywords of the document are ignored. */
  readonly [keyword: string]: unknown;
}

/** Schemas by type name. */
export type SchemaMap = Readonly<Record<string, JsonSchema>>;

/** Looks a schema up by its type. */
export type SchemaFunction = (type: string) => MaybeSchema | Promise<MaybeSchema>;

/** Looks schemas up, and lists their types. */
export interface SchemaSource {
  /** Looks a schema up by its type. */
  schema: SchemaFunction;
  /** All types with a schema. Without it, `GET /nasc/schema` lists none. */
  types?(): readonly string[] | Promise<readonly string[]>;
}

type MaybeSchema = JsonSchema | null | undefined;

/** A provider in one form. */
export interface Schemas {
  /** The types that have a schema. */
  types(): Promise<readonly string[]>;
  /** The schema of a type; `null` for an unknown type. */
  schema(type: string): Promise<JsonSchema | null>;
}

/** @throws TypeError when `provider` is not one of the forms of {@link SchemaProvider}. */
export function schemasOf(provider: SchemaProvider | undefined): Schemas {
  if (provider === undefined) return fromMap({});
  if (typeof provider === 'function') return fromSource({ schema: provider });
  if (!isJsonObject(provider)) {
    throw new TypeError(
      'schemaProvider must be a JSON Schema with $defs, an object of schemas, or a function.',
    );
  }
  if (isSource(provider)) return fromSource(provider);
  return fromMap(isDocument(provider) ? provider.$defs : provider);
}

/** The schema of a type, then those of the types that its arrays refer to, as patches. */
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

function isSource(provider: SchemaDocument | SchemaMap | SchemaSource): provider is SchemaSource {
  return typeof provider['schema'] === 'function';
}

function isDocument(provider: SchemaDocument | SchemaMap): provider is SchemaDocument {
  return isJsonObject(provider['$defs']);
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

/** The types that a schema refers to, at any depth. */
export function referredTypes(schema: unknown): Set<string> {
  if (typeof schema !== 'object' || schema === null) return new Set();
  const ref = field(schema, '$ref');
  const name = typeof ref === 'string' ? typeOfRef(ref) : undefined;
  const inner = Object.values(schema).flatMap((part) => [...referredTypes(part)]);
  return new Set(name === undefined ? inner : [name, ...inner]);
}

function childTypes(schema: JsonSchema): string[] {
  const properties = field(schema, 'properties');
  if (!isJsonObject(properties)) return [];
  const refs = Object.values(properties).map((property) => field(field(property, 'items'), '$ref'));
  const names = refs.map((ref) => (typeof ref === 'string' ? typeOfRef(ref) : undefined));
  return [...new Set(names.filter((name) => name !== undefined))];
}

function field(value: unknown, name: string): unknown {
  return isJsonObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

function typeOfRef(ref: string): string | undefined {
  if (!ref.startsWith(REF)) return undefined;
  return ref.slice(REF.length).replaceAll('~1', '/').replaceAll('~0', '~');
}
