/**
 * `dom/`: what patches change on the page: scopes, bindings, keyed rows, controls, focus. Not here: how
 * patches arrive (`transport/`), what schemas say about them (`overlay/`).
 */
import type { BindUpdatePatch, Patch, WholeInstance } from '../protocol';
import { bindingPath, readPath, type BindingPath } from './binding-path';
import { keyedRows } from './keyed-rows';
import { sameJson } from './same-json';
import { fromRoot, type Scope, type Scopes } from './scope';
import { showValue } from './show-value';

/** Top-level properties of an instance, as the server sent them. */
type State = ReadonlyMap<string, unknown>;

const BOUND = '[na-bind], [ng-bind], template[na-each]';

/** Shows what the server sends in the bound elements of the page. */
export class View {
  readonly #states = new Map<string, Map<string, unknown>>();
  readonly #itemOfRow = new WeakMap<Element, unknown>();

  constructor(private readonly scopes: Scopes) {}

  /** Stores one property of an instance, and shows it wherever it is bound. */
  apply({ type, instance, prop, value, removed }: BindUpdatePatch): void {
    const key = stateKey(type, instance);
    const state = this.#states.get(key) ?? new Map<string, unknown>();
    this.#states.set(key, state);
    if (removed === true) state.delete(prop);
    else state.set(prop, value);
    for (const scope of this.scopes.all()) {
      if (scope.instance === instance && scope.type === type) this.#showProperty(scope, state, prop);
    }
  }

  /** Patches that remove the properties missing from `patches`, which are the whole state of an instance. */
  gone([type, instance]: WholeInstance, patches: readonly Patch[]): BindUpdatePatch[] {
    const there = new Set(patches.map((patch) => (patch.action === 'bindUpdate' ? patch.prop : undefined)));
    const known = this.#states.get(stateKey(type, instance)) ?? new Map<string, unknown>();
    return [...known.keys()]
      .filter((prop) => !there.has(prop))
      .map((prop) => ({ action: 'bindUpdate', instance, type, prop, value: null, removed: true }));
  }

  /** Whether an instance lacks the property of a binding: a form's field can exist for its event only. */
  lacks(scope: Scope, path: BindingPath): boolean {
    const state = this.#states.get(stateKey(scope.type, scope.instance));
    return state !== undefined && !state.has(fromRoot(scope, path)[0] ?? '');
  }

  #showProperty(scope: Scope, state: State, prop: string): void {
    for (const [element, path] of boundElements(scope.element)) {
      if (fromRoot(scope, path)[0] !== prop || element.closest('[na-scope]') !== scope.element) continue;
      if (!path.absolute && isInRow(element, scope.element)) continue;
      this.#show(element, readState(state, fromRoot(scope, path)), scope, state);
    }
  }

  #show(element: Element, value: unknown, scope: Scope, state: State): void {
    if (element instanceof HTMLTemplateElement) {
      const items: unknown[] = Array.isArray(value) ? value : [];
      keyedRows(element, items).forEach((row, index) => this.#fillRow(row, items[index], scope, state));
    } else {
      showValue(element, value);
    }
  }

  #fillRow(row: Element, item: unknown, scope: Scope, state: State): void {
    if (this.#itemOfRow.has(row) && sameJson(this.#itemOfRow.get(row), item)) return;
    this.#itemOfRow.set(row, item);
    const isOwn = (element: Element): boolean =>
      element.closest('[na-key-val]') === row && element.closest('[na-scope]') === scope.element;
    for (const element of withDescendants(row, '[data-id]')) {
      if (isOwn(element)) element.setAttribute('data-id', row.getAttribute('na-key-val') ?? '');
    }
    for (const [element, path] of boundElements(row)) {
      if (!isOwn(element)) continue;
      const value = path.absolute ? readState(state, path.segments) : readPath(item, path.segments);
      this.#show(element, value, scope, state);
    }
  }
}

function stateKey(type: string, instance: string): string {
  return JSON.stringify([type, instance]);
}

function readState(state: State, [prop = '', ...rest]: readonly string[]): unknown {
  return readPath(state.get(prop), rest);
}

function* boundElements(container: Element): Iterable<[element: Element, path: BindingPath]> {
  for (const element of withDescendants(container, BOUND)) {
    const names = element instanceof HTMLTemplateElement ? ['na-each'] : ['na-bind', 'ng-bind'];
    for (const name of names) {
      const path = bindingPath(element.getAttribute(name) ?? '');
      if (path.segments.length > 0) yield [element, path];
    }
  }
}

function withDescendants(container: Element, selector: string): Element[] {
  const descendants = [...container.querySelectorAll(selector)];
  return container.matches(selector) ? [container, ...descendants] : descendants;
}

function isInRow(element: Element, scope: Element): boolean {
  const row = element.closest('[na-key-val]');
  return row !== null && row !== scope && scope.contains(row);
}
