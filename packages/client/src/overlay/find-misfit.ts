import { Validator, type OutputUnit } from '@cfworker/json-schema';
import { isJsonObject } from '../is-json-object';
import type { JsonSchema } from '../protocol';
import { referredType, type KnownSchemas } from './known-schemas';

/** Where a value does not match its schema, and why. */
export interface Misfit {
  /** The names and indexes that lead there, the property first. */
  readonly segments: readonly string[];
  /** What the schema demands. */
  readonly reason: string;
}

/** The most specific place where a property's value does not match the schema of its type. */
export function findMisfit(
  schemas: KnownSchemas,
  type: string,
  prop: string,
  value: unknown,
): Misfit | undefined {
  const validator = new Validator(wholeSchema(schemas, type), '2020-12', false);
  const { errors } = validator.validate(Object.fromEntries([[prop, value]]));
  const located = errors.map((error) => ({ error, segments: segmentsOf(error) }));
  // The object has this property only: it is not this value's fault that others are missing.
  const misfits = located.filter(({ segments }) => segments[0] === prop);
  if (misfits.length === 0) return undefined;
  const deepest = misfits.reduce((best, next) => (next.segments.length > best.segments.length ? next : best));
  return { segments: deepest.segments, reason: deepest.error.error };
}

/** The schema of a type with all types it refers to; those that were not sent allow anything. */
function wholeSchema(schemas: KnownSchemas, type: string): object {
  const known = schemas.entries().filter(([, schema]) => isJsonObject(schema));
  const own = known.find(([name]) => name === type)?.[1];
  if (!isJsonObject(own)) return {};
  const rest = withoutId(own);
  const defs = Object.fromEntries(known.map(([name, schema]) => [name, withoutId(schema)]));
  const all = { ...defs, ...(isJsonObject(own.$defs) ? own.$defs : {}) };
  const open = referredTypes([rest, all]).filter((name) => !Object.hasOwn(all, name));
  return { ...rest, $defs: { ...all, ...Object.fromEntries(open.map((name) => [name, {}])) } };
}

/** With an `$id`, `#/$defs/…` would refer to a document that is not here. */
function withoutId(schema: JsonSchema): Record<string, unknown> {
  return Object.fromEntries(Object.entries(schema).filter(([keyword]) => keyword !== '$id'));
}

function referredTypes(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const name = referredType(schema);
  return [...(name === undefined ? [] : [name]), ...Object.values(schema).flatMap(referredTypes)];
}

function segmentsOf({ instanceLocation }: OutputUnit): string[] {
  return instanceLocation
    .split('/')
    .slice(1)
    .map((token) => decodeURIComponent(token).replaceAll('~1', '/').replaceAll('~0', '~'));
}
