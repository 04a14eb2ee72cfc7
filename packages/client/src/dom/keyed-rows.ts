import { arrangeNodes } from './arrange-nodes';
import { readPath } from './binding-path';
import { keepFocus } from './keep-focus';

/**
 * Makes the rows of a `<template na-each>` match its items, and returns them in order. A row whose key
 * remains keeps its node, whether the server or the client rendered it, and with it focus, selection and
 * typed text. Repeated keys are matched in order; items without a key count as one repeated key.
 */
export function keyedRows(template: HTMLTemplateElement, items: readonly unknown[]): Element[] {
  const list = template.parentElement;
  const model = template.content.firstElementChild;
  if (list === null || model === null) return [];
  const keyName = template.getAttribute('na-key') ?? '';
  const before = currentRows(template);
  const free = Map.groupBy(before, (row) => row.getAttribute('na-key-val') ?? '');
  const rows = items.map((item) => {
    const key = keyOf(item, keyName);
    return free.get(key)?.shift() ?? newRow(model, key);
  });
  const leaving = new Set([...free.values()].flat());
  if (leaving.size > 0) keepFocus(before, leaving, list);
  leaving.forEach((row) => row.remove());
  const staying = leaving.size > 0 ? before.filter((row) => !leaving.has(row)) : before;
  arrangeNodes(rows, staying, template);
  return rows;
}

/** The rows that belong to a template: those before it, back to the template of another list. */
export function currentRows(template: HTMLTemplateElement): Element[] {
  const rows: Element[] = [];
  for (let node = template.previousElementSibling; node !== null; node = node.previousElementSibling) {
    if (node.matches('template[na-each]')) break;
    if (node.hasAttribute('na-key-val')) rows.push(node);
  }
  return rows.reverse();
}

function keyOf(item: unknown, keyName: string): string {
  const key = readPath(item, [keyName]);
  return typeof key === 'object' || key === undefined ? '' : String(key);
}

function newRow(model: Element, key: string): Element {
  const row = document.importNode(model, true);
  row.setAttribute('na-key-val', key);
  return row;
}
