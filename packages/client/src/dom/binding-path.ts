/** What an attribute such as `na-bind="Todo:address.city"` says. */
export interface BindingPath {
  /** The type named in front of a colon: a hint for the schema check, no more. */
  readonly type: string | undefined;
  /** Written with a leading `$`: from the root of the instance, whatever scope or list it stands in. */
  readonly absolute: boolean;
  /** The names on the way, without empty ones. */
  readonly segments: readonly string[];
}

const parsed = new Map<string, BindingPath>();

/** Reads the value of `na-bind`, `ng-bind` or `na-each`; the same object for the same text. */
export function bindingPath(expression: string): BindingPath {
  let path = parsed.get(expression);
  if (path === undefined) {
    const colon = expression.indexOf(':');
    const rest = expression.slice(colon + 1).trim();
    const absolute = rest.startsWith('$');
    path = {
      type: colon > 0 ? expression.slice(0, colon).trim() : undefined,
      absolute,
      segments: splitPath(absolute ? rest.slice(1) : rest),
    };
    parsed.set(expression, path);
  }
  return path;
}

/** The names in a dotted path. */
export function splitPath(dotted: string): string[] {
  return dotted
    .split('.')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

/** The value at the end of the names, own properties only; `undefined` where the way breaks off. */
export function readPath(from: unknown, segments: readonly string[]): unknown {
  let value = from;
  for (const name of segments) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as Record<string, unknown>)[name];
  }
  return value;
}
