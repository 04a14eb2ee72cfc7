import type { JsonSchema } from '@nasc/client';
import { isJsonObject, type JsonObject } from '@nasc/store-core';
import type { ErrorObject, ValidateFunction } from 'ajv';
import type { Logger } from '../instances/logger';
import { referredTypes, type Schemas } from './schema-provider';

/** How many kinds of mismatch are logged: states whose keys are data would make endlessly many. */
const MAX_KINDS = 1_000;

/**
 * For development: logs which values of a state do not match the schema of its type, as the browser's overlay
 * shows them. It refuses nothing.
 */
export class SchemaCheck {
  readonly #schemas: Schemas;
  readonly #logger: Logger;
  readonly #validators = new Map<string, Promise<ValidateFunction | undefined>>();
  readonly #logged = new Set<string>();

  constructor(schemas: Schemas, logger: Logger) {
    this.#schemas = schemas;
    this.#logger = logger;
  }

  /** Check the changed properties of a state; each kind of mismatch is logged once. */
  async check(type: string, id: string, state: JsonObject, changed: readonly string[]): Promise<void> {
    const validate = await this.#validator(type);
    const values = changed.filter((prop) => Object.hasOwn(state, prop)).map((prop) => [prop, state[prop]]);
    if (validate === undefined || validate(Object.fromEntries(values))) return;
    for (const prop of changed) {
      const misfit = deepest(validate.errors ?? [], prop);
      if (misfit !== undefined) this.#warn(type, id, misfit);
    }
  }

  #warn(type: string, id: string, { instancePath: path, message: reason = '' }: ErrorObject): void {
    const kind = JSON.stringify([type, path.replace(/\/\d+(?=\/|$)/g, '/*'), reason]);
    if (this.#logged.has(kind) || this.#logged.size >= MAX_KINDS) return;
    this.#logged.add(kind);
    this.#logger.warn({ type, id, path, reason }, 'The state does not match its schema.');
  }

  #validator(type: string): Promise<ValidateFunction | undefined> {
    const known = this.#validators.get(type) ?? this.#compile(type);
    this.#validators.set(type, known);
    return known;
  }

  async #compile(type: string): Promise<ValidateFunction | undefined> {
    try {
      const schema = await this.#schemas.schema(type);
      if (schema === null) return undefined;
      // Loaded when needed: not in production.
      const { Ajv2020 } = await import('ajv/dist/2020.js');
      const { default: addFormats } = await import('ajv-formats');
      const ajv = new Ajv2020({ strict: false, allErrors: true, logger: false });
      return addFormats(ajv).compile(await wholeSchema(this.#schemas, schema));
    } catch (error) {
      this.#logger.warn({ type, err: error }, 'The schema is invalid, so states are not checked against it.');
      return undefined;
    }
  }
}

/** The schema of a type with all types that it refers to, directly or not. */
async function wholeSchema(schemas: Schemas, schema: JsonSchema): Promise<object> {
  const own = withoutIds(schema);
  const defs = new Map(isJsonObject(own['$defs']) ? Object.entries(own['$defs']) : []);
  const open = [...referredTypes(own)];
  for (const name of open) {
    if (defs.has(name)) continue;
    const found = withoutIds((await schemas.schema(name)) ?? {});
    defs.set(name, found);
    open.push(...referredTypes(found));
  }
  return { ...own, $defs: Object.fromEntries(defs) };
}

/** With an `$id`, `#/$defs/…` would mean another document. The dialect is the overlay's, 2020-12. */
function withoutIds(schema: JsonSchema): Record<string, unknown> {
  if (typeof schema === 'boolean') return schema ? {} : { not: {} };
  const kept = Object.entries(schema).filter(([keyword]) => keyword !== '$id' && keyword !== '$schema');
  return Object.fromEntries(kept);
}

/**
 * The error deepest inside a property's value, which says the most. Missing other properties are not its
 * fault.
 */
function deepest(errors: readonly ErrorObject[], prop: string): ErrorObject | undefined {
  const own = `/${prop.replaceAll('~', '~0').replaceAll('/', '~1')}`;
  const depth = ({ instancePath }: ErrorObject): number => instancePath.split('/').length;
  return errors
    .filter(({ instancePath }) => instancePath === own || instancePath.startsWith(`${own}/`))
    .reduce<ErrorObject | undefined>(
      (best, error) => (best === undefined || depth(error) > depth(best) ? error : best),
      undefined,
    );
}
