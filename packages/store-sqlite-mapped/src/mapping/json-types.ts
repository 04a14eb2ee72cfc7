/** A type of JSON Schema; `integer` besides `number`. */
export type JsonType = 'null' | 'boolean' | 'integer' | 'number' | 'string' | 'array' | 'object';

/** A JSON Schema, as far as it is looked at: draft 4 to 2020-12 agree on these words. */
export interface Schema {
  readonly $defs?: unknown;
  readonly $ref?: unknown;
  readonly type?: unknown;
  readonly enum?: unknown;
  readonly const?: unknown;
  readonly properties?: unknown;
  readonly required?: unknown;
  readonly items?: unknown;
  readonly anyOf?: unknown;
  readonly oneOf?: unknown;
  readonly allOf?: unknown;
}

/** All types of JSON Schema. */
export const ALL_TYPES: readonly JsonType[] = [
  'null',
  'boolean',
  'integer',
  'number',
  'string',
  'array',
  'object',
];

/** The key that a part of a `$ref` names; `undefined` where a `%` is not the beginning of an escape. */
export function pointerKey(part: string): string | undefined {
  try {
    return decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~');
  } catch {
    return undefined;
  }
}

/** Follows `$ref` and the combining words of one schema document. */
export class SchemaReader {
  /** @param root the whole document, which `$ref`s such as `#/$defs/Todo` point into. */
  constructor(private readonly root: unknown) {}

  /** The schema that a local `$ref` points to; `undefined` when there is nothing. */
  resolve(ref: string): unknown {
    if (ref !== '#' && !ref.startsWith('#/')) return undefined;
    let at: unknown = this.root;
    for (const part of ref.split('/').slice(1)) {
      const key = pointerKey(part);
      if (key === undefined || typeof at !== 'object' || at === null || !Object.hasOwn(at, key))
        return undefined;
      at = (at as Record<string, unknown>)[key];
    }
    return at;
  }

  /** Which JSON types a value may have by a schema. A cycle of `$ref`s says nothing. */
  typesOf(schema: unknown, seen: readonly unknown[] = []): ReadonlySet<JsonType> {
    if (!isSchema(schema) || seen.includes(schema)) return new Set(schema === false ? [] : ALL_TYPES);
    const inner = [...seen, schema];
    let types: ReadonlySet<JsonType> = new Set(ownTypes(schema));
    if (typeof schema.$ref === 'string') types = both(types, this.typesOf(this.resolve(schema.$ref), inner));
    for (const part of list(schema.allOf)) types = both(types, this.typesOf(part, inner));
    for (const choice of [schema.anyOf, schema.oneOf]) {
      if (!Array.isArray(choice)) continue;
      types = both(types, new Set(choice.flatMap((part) => [...this.typesOf(part, inner)])));
    }
    return types;
  }

  /** A schema and all that it is combined of, `$ref`s followed, each once. */
  *parts(schema: unknown, seen = new Set<unknown>()): Generator<Schema> {
    if (!isSchema(schema) || seen.has(schema)) return;
    seen.add(schema);
    yield schema;
    if (typeof schema.$ref === 'string') yield* this.parts(this.resolve(schema.$ref), seen);
    for (const word of ['allOf', 'anyOf', 'oneOf'] as const) {
      for (const part of list(schema[word])) yield* this.parts(part, seen);
    }
  }
}

/** Whether a value is a schema with words, and not `true`, `false` or nonsense. */
export function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function both(a: ReadonlySet<JsonType>, b: ReadonlySet<JsonType>): ReadonlySet<JsonType> {
  return new Set([...a].filter((type) => b.has(type)));
}

function ownTypes(schema: Schema): readonly JsonType[] {
  const named = typeof schema.type === 'string' ? [schema.type] : list(schema.type);
  const types =
    named.length === 0
      ? ALL_TYPES
      : ALL_TYPES.filter((type) => named.includes(type) || isInteger(type, named));
  const values = Object.hasOwn(schema, 'const') ? [schema.const] : schema.enum;
  if (!Array.isArray(values)) return types;
  return types.filter((type) => values.some((value) => typeOf(value) === type));
}

/** A number may be an integer. */
function isInteger(type: JsonType, named: readonly unknown[]): boolean {
  return type === 'integer' && named.includes('number');
}

function typeOf(value: unknown): JsonType {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value as JsonType;
}
