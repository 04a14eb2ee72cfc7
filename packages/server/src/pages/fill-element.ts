import {
  attribute,
  childElements,
  RAW_TEXT_ELEMENTS,
  setAttribute,
  setText,
  textOf,
  toggleAttribute,
  type Element,
} from './html-tree';

/**
 * Show a value in an element as the client does: as the value or checkedness of a control, as the text of
 * anything else. Arrays and objects cannot be shown and change nothing; a missing value is shown as empty.
 */
export function fillElement(element: Element, value: unknown): void {
  if (typeof value === 'object' && value !== null) return;
  const text = String(value ?? '');
  const { tagName } = element;
  if (tagName === 'input') fillInput(element, value, text);
  else if (tagName === 'select') fillSelect(element, text);
  // A parser drops the first newline of a textarea.
  else if (tagName === 'textarea') setText(element, text.startsWith('\n') ? `\n${text}` : text);
  else if (!RAW_TEXT_ELEMENTS.has(tagName)) setText(element, text);
}

function fillInput(element: Element, value: unknown, text: string): void {
  const kind = attribute(element, 'type')?.toLowerCase();
  if (kind === 'checkbox') toggleAttribute(element, 'checked', Boolean(value));
  else if (kind === 'radio')
    toggleAttribute(element, 'checked', (attribute(element, 'value') ?? 'on') === text);
  else if (kind !== 'file') setAttribute(element, 'value', text);
}

function fillSelect(select: Element, text: string): void {
  for (const option of optionsOf(select)) {
    const value = attribute(option, 'value') ?? textOf(option).trim();
    toggleAttribute(option, 'selected', value === text);
  }
}

function optionsOf(parent: Element): Element[] {
  return childElements(parent).flatMap((child) => (child.tagName === 'option' ? [child] : optionsOf(child)));
}
