import { isJsonObject } from '../is-json-object';
import type { JsonSchema } from '../protocol';

/** A schema with keywords, as opposed to `true` and `false`. */
export type SchemaObject = { readonly [keyword: string]: unknown };

/** The schemas from the server, by type, and what they say about paths. */
export class KnownSchemas {
  readonly #byType = new Map<string, JsonSchema>();

  /** Stores the schema of a type. */
  set(type: string, schema: JsonSchema): void {
    this.#byType.set(type, schema);
  }

  /** Every type with its schema. */
  entries(): [type: string, schema: JsonSchema][] {
    return [...this.#byType];
  }

  /** Whether the schema of a type is known. */
  has(type: string): boolean {
    return this.#byType.has(type);
  }

  /**
   * Whether a path exists in a type. Also true where its schema allows anything, and for `error_x` next to a
   * known `x`: the error message of that field.
   */
  knows(type: string, segments: readonly string[]): boolean {
    if (this.#at(type, segments) !== undefined) return true;
    const field = /^error_(.+)$/s.exec(segments.at(-1) ?? '')?.[1];
    return field !== undefined && this.#at(type, [...segments.slice(0, -1), field]) !== undefined;
  }

  /** The type of an array's items, if their schema is a `$ref` to one. */
  itemType(type: string, segments: readonly string[]): string | undefined {
    const found = this.#at(type, segments) ?? [];
    return found.map(({ items }) => referredType(items)).find((name) => name !== undefined);
  }

  /** The schemas for a path; empty where anything is allowed, `undefined` where the path is not. */
  #at(type: string, segments: readonly string[]): SchemaObject[] | undefined {
    const root = this.#byType.get(type);
    let found = this.#expand(root, root);
    for (const name of segments) {
      const closed = found.filter((schema) => 'properties' in schema);
      if (closed.length === 0) return [];
      const next = closed
        .map((schema) => propertySchema(schema, name))
        .filter((schema) => schema !== undefined);
      if (next.length === 0) return undefined;
      found = next.flatMap((schema) => this.#expand(schema, root));
    }
    return found;
  }

  /** A schema, the schemas it is composed of, and those it refers to. */
  #expand(schema: unknown, root: unknown, seen = new Set<unknown>()): SchemaObject[] {
    if (!isJsonObject(schema) || seen.has(schema)) return [];
    seen.add(schema);
    const parts = [schema.allOf, schema.anyOf, schema.oneOf].filter(Array.isArray).flat();
    const name = referredType(schema);
    if (name !== undefined) parts.push(ownDefinition(root, name) ?? this.#byType.get(name));
    if (schema.$ref === '#') parts.push(root);
    return [schema, ...parts.flatMap((part) => this.#expand(part, root, seen))];
  }
}

/** The `T` of `{ "$ref": "#/$defs/T" }`. */
export function referredType(schema: unknown): string | undefined {
  if (!isJsonObject(schema) || typeof schema.$ref !== 'string') return undefined;
  return /^#\/(?:\$defs|definitions)\/([^/]+)$/.exec(schema.$ref)?.[1];
}

function ownDefinition(root: unknown, name: string): unknown {
  if (!isJsonObject(root)) return undefined;
  return [root.$defs, root.definitions].filter(isJsonObject).find((defs) => Object.hasOwn(defs, name))?.[
    name
  ];
}

function propertySchema(schema: SchemaObject, name: string): unknown {
  const { properties, patternProperties, additionalProperties } = schema;
  if (isJsonObject(properties) && Object.hasOwn(properties, name)) return properties[name];
  const patterns = isJsonObject(patternProperties) ? Object.entries(patternProperties) : [];
  const pattern = patterns.find(([source]) => new RegExp(source, 'u').test(name));
  if (pattern !== undefined) return pattern[1];
  return additionalProperties === false ? undefined : additionalProperties;
}
