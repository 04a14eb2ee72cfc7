import { parse, serialize, type DefaultTreeAdapterTypes } from 'parse5';
import { attribute, childElements, type Element } from './html-tree';
import { bindingPath, pathGet } from './binding-path';
import { fillElement } from './fill-element';
import { expandList } from './expand-list';

/** An instance on a page. */
export interface Scope {
  type: string;
  id: string;
}

/** What a page says of scopes that are paths. */
export interface ScopeOptions {
  mapScopeToInstance?: ((scope: string, type: string) => string) | undefined;
}

/** What the bindings below an element refer to. */
interface Binding {
  state: object;
  /** Segments that relative paths begin with. */
  base: readonly string[];
}

/**
 * Fill a page with states: `na-bind` and `ng-bind` in scopes (`na-scope` with `na-type`), and the lists
 * of `<template na-each na-key>`. The serializer escapes; in elements whose text HTML does not escape
 * (script, style) nothing is filled in.
 *
 * @param stateOf the state of an instance, `null` to leave its scope as it is; asked once for each.
 */
export async function renderPage(
  html: string,
  options: ScopeOptions,
  stateOf: (scope: Scope) => Promise<object | null>,
): Promise<string> {
  const document = parse(html);
  const states = new Map<string, Promise<object | null>>();
  const load = (scope: Scope): Promise<object | null> => {
    const key = JSON.stringify([scope.type, scope.id]);
    const known = states.get(key) ?? stateOf(scope);
    states.set(key, known);
    return known;
  };
  const bindings = await scopesOf(document, options, load);
  fill(document, undefined, bindings);
  return serialize(document);
}

type Node = DefaultTreeAdapterTypes.ParentNode;

async function scopesOf(
  document: Node,
  { mapScopeToInstance = () => 'root' }: ScopeOptions,
  load: (scope: Scope) => Promise<object | null>,
): Promise<Map<Element, Binding | undefined>> {
  const found = elementsWith(document, 'na-scope').map(async (element) => {
    const name = attribute(element, 'na-scope') ?? '';
    const type = attribute(element, 'na-type') ?? '';
    if (type === '') return [element, undefined] as const;
    const isPath = name.startsWith('$');
    const state = await load({ type, id: isPath ? mapScopeToInstance(name, type) : name });
    const base = isPath ? bindingPath(name.slice(1)).segments : [];
    return [element, state === null ? undefined : { state, base }] as const;
  });
  return new Map(await Promise.all(found));
}

function elementsWith(parent: Node, name: string): Element[] {
  return childElements(parent).flatMap((element) => [
    ...(attribute(element, name) === undefined ? [] : [element]),
    ...elementsWith(element, name),
  ]);
}

/** The nearest scope decides; the clones of lists are their items' and are filled already. */
function fill(parent: Node, outer: Binding | undefined, bindings: Map<Element, Binding | undefined>): void {
  for (const element of childElements(parent)) {
    const binding = bindings.has(element) ? bindings.get(element) : outer;
    if (attribute(element, 'na-key-val') !== undefined) continue;
    if (binding !== undefined) bind(element, binding);
    fill(element, binding, bindings);
  }
}

function bind(element: Element, { state, base }: Binding): void {
  const get = (expression: string): unknown => {
    const { absolute, segments } = bindingPath(expression);
    return pathGet(state, absolute ? segments : [...base, ...segments]);
  };
  const lists = childElements(element).filter((child) => attribute(child, 'na-each') !== undefined);
  for (const template of lists.filter(isTemplate))
    expandList(element, template, get(attribute(template, 'na-each') ?? ''));
  // Text in the place of a list would take its template away.
  if (lists.length > 0) return;
  const expression = attribute(element, 'na-bind') ?? attribute(element, 'ng-bind');
  if (expression !== undefined) fillElement(element, get(expression));
}

function isTemplate({ tagName }: Element): boolean {
  return tagName === 'template';
}
