import { defaultTreeAdapter, type DefaultTreeAdapterTypes } from 'parse5';
import { bindingPath, pathGet } from './binding-path';
import { fillElement } from './fill-element';
import {
  attribute,
  childElements,
  cloneElement,
  selfAndDescendants,
  setAttribute,
  type Element,
} from './html-tree';

/**
 * Put a clone for each item before a `<template na-each na-key>`, as the client does: marked
 * `na-key-val`, each `data-id` in it set to the key, its `na-bind` filled from the item. Items without
 * a key are left out, a repeated key counts once, with its last item. Clones that the page had go.
 */
export function expandList(list: Element, template: Element, items: unknown): void {
  const keyName = attribute(template, 'na-key');
  const { content } = template as DefaultTreeAdapterTypes.Template;
  const pattern = childElements(content)[0];
  if (!Array.isArray(items) || keyName === undefined || pattern === undefined) return;
  for (const child of childElements(list)) {
    if (attribute(child, 'na-key-val') !== undefined) defaultTreeAdapter.detachNode(child);
  }
  const itemType = attribute(template, 'na-type');
  for (const [key, item] of itemsByKey(items, keyName)) {
    const clone = cloneElement(pattern);
    setAttribute(clone, 'na-key-val', key);
    if (itemType !== undefined) setAttribute(clone, 'data-na-type-scope', itemType);
    for (const element of selfAndDescendants(clone)) fillFromItem(element, item, key);
    defaultTreeAdapter.insertBefore(list, clone, template);
  }
}

function itemsByKey(items: readonly unknown[], keyName: string): Map<string, object> {
  const byKey = new Map<string, object>();
  for (const item of items) {
    const key = pathGet(item, [keyName]);
    if (typeof key !== 'string' && typeof key !== 'number' && typeof key !== 'boolean') continue;
    // Taken out first: the client moves a repeated one to its last place.
    byKey.delete(String(key));
    byKey.set(String(key), item as object);
  }
  return byKey;
}

function fillFromItem(element: Element, item: object, key: string): void {
  if (attribute(element, 'data-id') !== undefined) setAttribute(element, 'data-id', key);
  const expression = attribute(element, 'na-bind') ?? attribute(element, 'ng-bind');
  if (expression === undefined) return;
  const { absolute, segments } = bindingPath(expression);
  if (!absolute) fillElement(element, pathGet(item, segments));
}
