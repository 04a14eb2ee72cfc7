/**
 * `pages/`: HTML and states in, HTML out, as the browser's client would show them. Not here: files, requests
 * and stores; nothing here imports another room.
 */
import { bindingPath, readPath } from '@nasc/client';
import { parse, serialize, type DefaultTreeAdapterTypes } from 'parse5';
import { attribute, childElements, selfAndDescendants, setAttribute, type Element } from './html-tree';
import { fillElement } from './fill-element';
import { expandList, isListTemplate } from './expand-list';

/** An instance on a page. */
export interface Scope {
  /** Its type, from `na-type`. */
  type: string;
  /** Its id. */
  id: string;
}

/** How scopes become instances. */
export interface ScopeOptions {
  /** The instance of a `$path` scope, as `mapScopeToInstance` in the browser. Default: `root`. */
  mapScopeToInstance?: ((scope: string, type: string) => string) | undefined;
}

/** Looks up what a binding below an element means; `undefined` if there is nothing to show. */
type Lookup = (expression: string) => { value: unknown } | undefined;

/**
 * Fill a page with states: `na-bind` and `ng-bind` in scopes (`na-scope` with `na-type`), and the lists of
 * `<template na-each na-key>`. The serializer escapes text; elements whose text HTML does not escape (script,
 * style) are not filled.
 *
 * @param stateOf the state of an instance, or `null` to leave its scope as it is. Called once for each
 *   instance.
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
  fill(document, undefined, await scopesOf(document, options, load));
  return serialize(document);
}

type Node = DefaultTreeAdapterTypes.ParentNode;

async function scopesOf(
  document: Node,
  { mapScopeToInstance = () => 'root' }: ScopeOptions,
  load: (scope: Scope) => Promise<object | null>,
): Promise<Map<Element, Lookup>> {
  const found = elementsWith(document, 'na-scope').map(async (element) => {
    const name = attribute(element, 'na-scope') ?? '';
    const type = attribute(element, 'na-type') ?? '';
    if (type === '') return [];
    const isPath = name.startsWith('$');
    const state = await load({ type, id: isPath ? mapScopeToInstance(name, type) : name });
    const base = isPath ? bindingPath(name.slice(1)).segments : [];
    return state === null ? [] : [[element, inState(state, base)] as const];
  });
  return new Map((await Promise.all(found)).flat());
}

function elementsWith(parent: Node, name: string): Element[] {
  return childElements(parent).flatMap((element) => [
    ...(attribute(element, name) === undefined ? [] : [element]),
    ...elementsWith(element, name),
  ]);
}

/** The nearest scope decides. Rows are filled when they are created. */
function fill(parent: Node, outer: Lookup | undefined, scopes: ReadonlyMap<Element, Lookup>): void {
  for (const element of childElements(parent)) {
    if (attribute(element, 'na-key-val') !== undefined) continue;
    const lookup = attribute(element, 'na-scope') === undefined ? outer : scopes.get(element);
    if (lookup !== undefined) bind(element, lookup, scopes);
    fill(element, lookup, scopes);
  }
}

function bind(element: Element, lookup: Lookup, scopes: ReadonlyMap<Element, Lookup>): void {
  const templates = childElements(element).filter(isListTemplate);
  for (const template of templates) {
    const found = lookup(attribute(template, 'na-each') ?? '');
    if (found === undefined) continue;
    const items: readonly unknown[] = Array.isArray(found.value) ? found.value : [];
    expandList(element, template, items, (row, item, key) => fillRow(row, key, inItem(item, lookup), scopes));
  }
  // Text in place of a list would remove its template.
  if (templates.length > 0) return;
  for (const name of ['na-bind', 'ng-bind']) {
    const found = lookup(attribute(element, name) ?? '');
    if (found !== undefined) fillElement(element, found.value);
  }
}

function fillRow(row: Element, key: string, lookup: Lookup, scopes: ReadonlyMap<Element, Lookup>): void {
  for (const element of selfAndDescendants(row)) {
    if (attribute(element, 'data-id') !== undefined) setAttribute(element, 'data-id', key);
  }
  bind(row, lookup, scopes);
  fill(row, lookup, scopes);
}

/** For a property that the state lacks, the page stays as it is. */
function inState(state: object, base: readonly string[]): Lookup {
  return (expression) => {
    const { absolute, segments } = bindingPath(expression);
    const path = absolute ? segments : [...base, ...segments];
    const isThere = segments.length > 0 && Object.hasOwn(state, path[0] ?? '');
    return isThere ? { value: readPath(state, path) } : undefined;
  };
}

function inItem(item: unknown, outer: Lookup): Lookup {
  return (expression) => {
    const { absolute, segments } = bindingPath(expression);
    if (absolute) return outer(expression);
    return segments.length > 0 ? { value: readPath(item, segments) } : undefined;
  };
}
