import type { JsonSchema } from '../protocol';

/** A schema with keywords, as opposed to `true` and `false`. */
export type SchemaObject = { readonly [keyword: string]: unknown };

/** The schemas the server has sent, by type, and what they say of paths. */
export class KnownSchemas {
  readonly #byType = new Map<string, JsonSchema>();

  /** Takes the schema of a type. */
  set(type: string, schema: JsonSchema): void {
    this.#byType.set(type, schema);
  }

  /** Every type with its schema. */
  entries(): [type: string, schema: JsonSchema][] {
    return [...this.#byType];
  }

  /** Whether anything is known of a type. */
  has(type: string): boolean {
    return this.#byType.has(type);
  }

  /**
   * Whether a path means something in a type. True too where its schema leaves open what there may be, and for
   * `error_x` beside a known `x`, the message that belongs to it.
   */
  knows(type: string, segments: readonly string[]): boolean {
    if (this.#at(type, segments) !== undefined) return true;
    const field = /^error_(.+)$/s.exec(segments.at(-1) ?? '')?.[1];
    return field !== undefined && this.#at(type, [...segments.slice(0, -1), field]) !== undefined;
  }

  /** The type of the items of an array, where its schema is a `$ref` to one. */
  itemType(type: string, segments: readonly string[]): string | undefined {
    const found = this.#at(type, segments) ?? [];
    return found.map(({ items }) => referredType(items)).find((name) => name !== undefined);
  }

  /** The schemas of what a path means, none where they leave it open; `undefined` where they exclude it. */
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

  /** A schema with those it refers to and is combined of. */
  #expand(schema: unknown, root: unknown, seen = new Set<unknown>()): SchemaObject[] {
    if (!isSchemaObject(schema) || seen.has(schema)) return [];
    seen.add(schema);
    const parts = [schema.allOf, schema.anyOf, schema.oneOf].filter(Array.isArray).flat();
    const name = referredType(schema);
    if (name !== undefined) parts.push(ownDefinition(root, name) ?? this.#byType.get(name));
    if (schema.$ref === '#') parts.push(root);
    return [schema, ...parts.flatMap((part) => this.#expand(part, root, seen))];
  }
}

/** Whether a value is a schema with keywords. */
export function isSchemaObject(value: unknown): value is SchemaObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The `T` of `{ "$ref": "#/$defs/T" }`. */
export function referredType(schema: unknown): string | undefined {
  if (!isSchemaObject(schema) || typeof schema.$ref !== 'string') return undefined;
  return /^#\/(?:\$defs|definitions)\/([^/]+)$/.exec(schema.$ref)?.[1];
}

function ownDefinition(root: unknown, name: string): unknown {
  if (!isSchemaObject(root)) return undefined;
  return [root.$defs, root.definitions].filter(isSchemaObject).find((defs) => Object.hasOwn(defs, name))?.[
    name
  ];
}

function propertySchema(schema: SchemaObject, name: string): unknown {
  const { properties, patternProperties, additionalProperties } = schema;
  if (isSchemaObject(properties) && Object.hasOwn(properties, name)) return properties[name];
  const patterns = isSchemaObject(patternProperties) ? Object.entries(patternProperties) : [];
  const pattern = patterns.find(([source]) => new RegExp(source, 'u').test(name));
  if (pattern !== undefined) return pattern[1];
  return additionalProperties === false ? undefined : additionalProperties;
}
