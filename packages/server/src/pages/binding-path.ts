/** A binding's expression, read. */
export interface BindingPath {
  /** Written with `$`: from the root of the state, whatever the scope's own path is. */
  absolute: boolean;
  segments: string[];
}

/** `prop`, `a.b`, `$a.b`, each with an optional `Type:` before it. */
export function bindingPath(expression: string): BindingPath {
  const path = expression.slice(expression.indexOf(':') + 1).trim();
  const absolute = path.startsWith('$');
  const segments = (absolute ? path.slice(1) : path).split('.').map((segment) => segment.trim());
  return { absolute, segments: segments.filter((segment) => segment !== '') };
}

/** What is at a path of own properties; `undefined` when nothing is. */
export function pathGet(root: unknown, segments: readonly string[]): unknown {
  let at = segments.length === 0 ? undefined : root;
  for (const segment of segments) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, segment)) return undefined;
    at = Reflect.get(at, segment);
  }
  return at;
}
