import { StoreError } from '@nasc/store-core';
import { pointer, schemaProblems } from './check-schema';
import { distinctName, foldName } from './column-names';
import { isSchema, pointerKey, SchemaReader, type JsonType, type Schema } from './json-types';
import type { ColumnKind, ColumnPlan, ForeignKeyPlan, ListPlan, MappingPlan, TablePlan } from './table-plan';

/** SQLite's limit is 2,000; what has no column is kept in the overflow. */
const MOST_COLUMNS = 1_000;

/**
 * Which tables and columns a mapping and a schema make. Knows no SQL dialect.
 *
 * A type is mapped when the mapping names it (`{ Todo: { 'x-na:store': { entity, pk } } }`; defaults
 * `<type>s` and `id`) and the schema describes it (`$defs.Todo`).
 *
 * @throws StoreError `STORE_SCHEMA` with all problems, each with its JSON Pointer.
 */
export function compileMapping(mapping: unknown, schema: unknown): MappingPlan {
  const problems: string[] = [];
  const entities = readEntities(mapping, schema, problems);
  if (problems.length > 0) {
    throw new StoreError('STORE_SCHEMA', `Mapping and schema do not fit:\n- ${problems.join('\n- ')}`);
  }
  const reader = new SchemaReader(schema);
  const lists = new Map<string, RawList[]>();
  for (const { type, definition } of entities.values())
    lists.set(type, listsOf(reader, definition, entities));
  const acyclic = withoutCycles(lists);
  return new Map(
    [...entities.values()].map((entity) => [entity.type, tablePlan(reader, entity, entities, acyclic)]),
  );
}

interface Entity {
  readonly type: string;
  readonly entity: string;
  readonly pk: string;
  readonly definition: unknown;
}

interface RawList {
  readonly property: string;
  readonly childType: string;
}

function readEntities(mapping: unknown, schema: unknown, problems: string[]): Map<string, Entity> {
  const entities = new Map<string, Entity>();
  if (!isSchema(mapping))
    problems.push('mapping: must be an object { Type: { "x-na:store": { entity, pk } } }');
  if (!isSchema(schema)) problems.push('schema: must be a JSON Schema with $defs');
  if (problems.length > 0) return entities;
  problems.push(...schemaProblems(schema as Schema));
  const definitions = (schema as Schema).$defs ?? {};
  if (!isSchema(definitions)) problems.push('schema#/$defs: must be an object of schemas');
  for (const [type, entry] of Object.entries(mapping as object)) {
    // `$id`, `$schema`, `$comment`.
    if (type.startsWith('$') && !isSchema(entry)) continue;
    const at = `mapping#/${pointer(type)}`;
    if (!isSchema(entry)) problems.push(`${at}: must be an object with "x-na:store"`);
    const store: unknown = isSchema(entry) ? ((entry as Record<string, unknown>)['x-na:store'] ?? {}) : {};
    if (!isSchema(store)) problems.push(`${at}/x-na:store: must be an object { entity, pk }`);
    checkWords(entry, ['x-na:store'], at, problems);
    checkWords(store, ['entity', 'pk'], `${at}/x-na:store`, problems);
    const { entity = `${type}s`, pk = 'id' } = store as { entity?: unknown; pk?: unknown };
    checkName(entity, `${at}/x-na:store/entity`, problems);
    checkName(pk, `${at}/x-na:store/pk`, problems);
    if (!isSchema(definitions) || !Object.hasOwn(definitions, type)) continue;
    entities.set(type, {
      type,
      entity: String(entity),
      pk: String(pk),
      definition: (definitions as never)[type],
    });
  }
  checkDistinct([...entities.values()], problems);
  return entities;
}

/** A word that was mistyped would make other tables than were meant. Comments begin with `$`. */
function checkWords(value: unknown, known: readonly string[], at: string, problems: string[]): void {
  if (!isSchema(value)) return;
  for (const word of Object.keys(value)) {
    if (known.includes(word) || word.startsWith('$')) continue;
    problems.push(`${at}/${pointer(word)}: is not known; here may be ${known.join(', ')}`);
  }
}

function checkName(name: unknown, at: string, problems: string[]): void {
  if (typeof name !== 'string' || name === '') problems.push(`${at}: must be a non-empty string`);
  else if (!isSqlText(name)) problems.push(`${at}: has a character that no SQL name can have`);
  else if (/^(sqlite_|_na_|_nasc_)/i.test(name)) {
    problems.push(`${at}: must not begin with sqlite_, _na_ or _nasc_, which are taken`);
  }
}

function checkDistinct(entities: readonly Entity[], problems: string[]): void {
  const byName = new Map<string, string>();
  for (const { type, entity } of entities) {
    const other = byName.get(foldName(entity));
    if (other !== undefined) {
      const at = `mapping#/${pointer(type)}/x-na:store/entity`;
      problems.push(
        `${at}: is the entity of ${JSON.stringify(other)} too (SQL folds case); give each type its own`,
      );
    }
    byName.set(foldName(entity), type);
  }
}

/** The array properties whose items are of a mapped type. */
function listsOf(
  reader: SchemaReader,
  definition: unknown,
  entities: ReadonlyMap<string, Entity>,
): RawList[] {
  return [...propertiesOf(reader, definition)].flatMap(([property, schema]) => {
    const childType = isSqlText(property) ? childTypeOf(reader, schema) : undefined;
    return childType !== undefined && entities.has(childType) ? [{ property, childType }] : [];
  });
}

function childTypeOf(reader: SchemaReader, schema: unknown): string | undefined {
  if (!reader.typesOf(schema).has('array')) return undefined;
  for (const { items } of reader.parts(schema)) {
    const ref = isSchema(items) ? items.$ref : undefined;
    if (typeof ref === 'string' && ref.startsWith('#/$defs/')) {
      return pointerKey(ref.slice('#/$defs/'.length));
    }
  }
  return undefined;
}

/** An array that leads back to its own type has no rows: it stays a JSON column. */
function withoutCycles(lists: ReadonlyMap<string, readonly RawList[]>): Map<string, readonly RawList[]> {
  const reaches = (from: string, to: string, seen = new Set<string>()): boolean => {
    if (from === to) return true;
    if (seen.has(from)) return false;
    seen.add(from);
    return (lists.get(from) ?? []).some(({ childType }) => reaches(childType, to, seen));
  };
  return new Map(
    [...lists].map(
      ([type, own]) => [type, own.filter(({ childType }) => !reaches(childType, type))] as const,
    ),
  );
}

function tablePlan(
  reader: SchemaReader,
  { type, entity, pk, definition }: Entity,
  entities: ReadonlyMap<string, Entity>,
  lists: ReadonlyMap<string, readonly RawList[]>,
): TablePlan {
  const properties = propertiesOf(reader, definition);
  const taken = new Set([foldName(pk)]);
  const foreignKeys = foreignKeysOf(type, entities, lists, taken);
  const required = requiredOf(reader, definition);
  const own = lists.get(type) ?? [];
  const listPlans: ListPlan[] = own.map((list) => {
    const presence = distinctName(`_na_list_${list.property}`, taken);
    return { ...list, presence, required: required.has(list.property) };
  });
  const columns: ColumnPlan[] = [];
  for (const [property, schema] of properties) {
    if (property === pk || own.some((list) => list.property === property)) continue;
    if (!hasColumn(property, taken) || columns.length >= MOST_COLUMNS) continue;
    taken.add(foldName(property));
    columns.push({ property, kind: kindOf(reader.typesOf(schema)) });
  }
  const pkKind = properties.has(pk) ? kindOf(reader.typesOf(properties.get(pk))) : 'text';
  return { type, entity, pk, pkKind, columns, lists: listPlans, foreignKeys, order: [...properties.keys()] };
}

/** By the original's rule: the entity less its last letter, and the key. */
function foreignKeysOf(
  type: string,
  entities: ReadonlyMap<string, Entity>,
  lists: ReadonlyMap<string, readonly RawList[]>,
  taken: Set<string>,
): ForeignKeyPlan[] {
  const keys: ForeignKeyPlan[] = [];
  for (const [parentType, own] of lists) {
    const parent = entities.get(parentType);
    if (parent === undefined || !own.some(({ childType }) => childType === type)) continue;
    const singular = [...parent.entity].slice(0, -1).join('');
    keys.push({ parentType, column: distinctName(`${singular}_${parent.pk}`, taken) });
  }
  return keys;
}

/** SQL folds case; what cannot have a column of its own name is kept in the overflow. */
function hasColumn(property: string, taken: ReadonlySet<string>): boolean {
  return property !== '' && isSqlText(property) && !/^_na_/i.test(property) && !taken.has(foldName(property));
}

function isSqlText(name: string): boolean {
  return !name.includes('\0') && name.isWellFormed();
}

function propertiesOf(reader: SchemaReader, definition: unknown): Map<string, unknown> {
  const properties = new Map<string, unknown>();
  for (const part of reader.parts(definition)) {
    if (!isSchema(part.properties)) continue;
    for (const [property, schema] of Object.entries(part.properties)) {
      if (!properties.has(property)) properties.set(property, schema);
    }
  }
  return properties;
}

function requiredOf(reader: SchemaReader, definition: unknown): ReadonlySet<unknown> {
  return new Set(
    [...reader.parts(definition)].flatMap(({ required }) => (Array.isArray(required) ? required : [])),
  );
}

function kindOf(types: ReadonlySet<JsonType>): ColumnKind {
  const some = [...types].filter((type) => type !== 'null');
  const only = (...kinds: JsonType[]): boolean =>
    some.length > 0 && some.every((type) => kinds.includes(type));
  if (only('string')) return 'text';
  if (only('boolean')) return 'boolean';
  if (only('integer')) return 'integer';
  if (only('number', 'integer')) return 'number';
  if (only('object', 'array')) return 'json';
  return 'any';
}
