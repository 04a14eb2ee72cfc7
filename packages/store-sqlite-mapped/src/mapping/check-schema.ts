import { ALL_TYPES, isSchema, SchemaReader, type Schema } from './json-types';

/**
 * What a schema says that cannot have been meant, since it would silently make other tables: `$ref`s to
 * nothing, types that JSON does not have, definitions where nobody looks for them.
 *
 * @returns problems with their JSON Pointers.
 */
export function schemaProblems(schema: Schema): string[] {
  const problems: string[] = [];
  if ('definitions' in schema && !('$defs' in schema)) {
    problems.push('schema#/definitions: is called $defs since draft 2019-09; rename it, and the $refs to it');
    return problems;
  }
  const reader = new SchemaReader(schema);
  const seen = new Set<unknown>();
  const check = (part: unknown, at: string): void => {
    if (!isSchema(part) || seen.has(part)) return;
    seen.add(part);
    const { $ref, type } = part;
    if (typeof $ref === 'string' && $ref.startsWith('#/') && reader.resolve($ref) === undefined) {
      problems.push(`${at}/$ref: there is nothing at ${JSON.stringify($ref)}`);
    }
    for (const name of type === undefined ? [] : [type].flat()) {
      if (ALL_TYPES.some((known) => known === name)) continue;
      problems.push(`${at}/type: ${JSON.stringify(name)} is none of ${ALL_TYPES.join(', ')}`);
    }
    for (const [key, inner] of innerSchemas(part)) check(inner, `${at}/${key}`);
  };
  check(schema, 'schema#');
  return problems;
}

/** The schemas right inside a schema, with the way to them. */
function innerSchemas(schema: Schema): [string, unknown][] {
  const words = schema as Readonly<Record<string, unknown>>;
  const within = ['$defs', 'properties', 'anyOf', 'oneOf', 'allOf'].flatMap((word) =>
    Object.entries(Object(words[word]) as object).map(([key, inner]): [string, unknown] => [
      `${word}/${pointer(key)}`,
      inner,
    ]),
  );
  return [...within, ['items', schema.items]];
}

/** A key as a part of a JSON Pointer. */
export function pointer(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}
