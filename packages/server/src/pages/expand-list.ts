import { readPath } from '@nasc/client';
import { defaultTreeAdapter } from 'parse5';
import { attribute, childElements, cloneElement, hasContent, setAttribute, type Element } from './html-tree';

/**
 * Put a row for each item before a `<template na-each na-key>`, as the client does: a clone of the template's
 * first element, marked `na-key-val`. Removes the rows that the page already had for this template.
 *
 * @param fillRow fills a row from its item.
 */
export function expandList(
  list: Element,
  template: Element,
  items: readonly unknown[],
  fillRow: (row: Element, item: unknown, key: string) => void,
): void {
  // In an SVG a template is an ordinary element, without content.
  const model = hasContent(template) ? childElements(template.content)[0] : undefined;
  if (model === undefined) return;
  for (const row of rowsOf(list, template)) defaultTreeAdapter.detachNode(row);
  const keyName = attribute(template, 'na-key') ?? '';
  const itemType = attribute(template, 'na-type');
  for (const item of items) {
    const row = cloneElement(model);
    const key = keyOf(item, keyName);
    setAttribute(row, 'na-key-val', key);
    if (itemType !== undefined) setAttribute(row, 'data-na-type-scope', itemType);
    fillRow(row, item, key);
    defaultTreeAdapter.insertBefore(list, row, template);
  }
}

/** Whether an element is the template of a list. */
export function isListTemplate(element: Element): boolean {
  return element.tagName === 'template' && attribute(element, 'na-each') !== undefined;
}

/** The rows before the template, back to the template of another list. */
function rowsOf(list: Element, template: Element): Element[] {
  const before = childElements(list).slice(0, childElements(list).indexOf(template));
  const own = before.slice(before.findLastIndex(isListTemplate) + 1);
  return own.filter((element) => attribute(element, 'na-key-val') !== undefined);
}

/** `""` for an item without a key. */
function keyOf(item: unknown, keyName: string): string {
  const key = readPath(item, [keyName]);
  return key === undefined || typeof key === 'object' ? '' : String(key);
}
