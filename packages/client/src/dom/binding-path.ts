/** What a binding such as `na-bind="Todo:address.city"` says. */
export interface BindingPath {
  /** The type before a colon, which only the schema check uses. */
  readonly type: string | undefined;
  /** Whether it starts with `$`: at the root of the instance, in whatever scope or list it is. */
  readonly absolute: boolean;
  /** The names along the path, without empty ones. */
  readonly segments: readonly string[];
}

const parsed = new Map<string, BindingPath>();

/** Parses the value of `na-bind`, `ng-bind` or `na-each`. Returns the same object for the same text. */
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

/** The value at the end of a path of own properties; `undefined` if the path leads nowhere. */
export function readPath(from: unknown, segments: readonly string[]): unknown {
  let value = from;
  for (const name of segments) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = Reflect.get(value, name);
  }
  return value;
}
