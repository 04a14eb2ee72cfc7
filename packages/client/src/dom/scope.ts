import { splitPath, type BindingPath } from './binding-path';

/** Returns the instance that a `$path` scope belongs to; anything but a non-empty string means `root`. */
export type MapScopeToInstance = (scope: string, type: string, element: Element) => unknown;

/** An element with `na-scope`, and what it means. */
export interface Scope {
  /** The element. */
  readonly element: Element;
  /** Id of the instance. */
  readonly instance: string;
  /** The value of `na-type`; `""` if it is missing. */
  readonly type: string;
  /** Where the scope's bindings start in the instance: the names of a `$path`. */
  readonly base: readonly string[];
}

/** Reads the scopes of a page. */
export class Scopes {
  constructor(private readonly mapScopeToInstance: MapScopeToInstance | undefined) {}

  /** Every scope of the document, in document order. */
  all(): Scope[] {
    return [...document.querySelectorAll('[na-scope]')].map((element) => this.#read(element));
  }

  /** The scope an element belongs to: the nearest one around it. */
  of(element: Element): Scope | undefined {
    const owner = element.closest('[na-scope]');
    return owner === null ? undefined : this.#read(owner);
  }

  #read(element: Element): Scope {
    const name = element.getAttribute('na-scope') ?? '';
    const type = element.getAttribute('na-type') ?? '';
    if (!name.startsWith('$')) return { element, instance: name, type, base: [] };
    const mapped = this.mapScopeToInstance?.(name, type, element);
    const instance = typeof mapped === 'string' && mapped !== '' ? mapped : 'root';
    return { element, instance, type, base: splitPath(name.slice(1)) };
  }
}

/** The path from the root of the scope's instance to the target of a binding in the scope. */
export function fromRoot(scope: Scope, path: BindingPath): readonly string[] {
  return path.absolute ? path.segments : [...scope.base, ...path.segments];
}
