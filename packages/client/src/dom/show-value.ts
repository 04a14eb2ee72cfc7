import { isControl, showInControl } from './control-value';
import { displayText } from './display-text';

/**
 * Shows a value in a bound element: as `value` or `checked` of a control, as the text of anything else, never
 * as markup. An element around a list (`<ul na-bind="items">`) keeps its children, and so does an element
 * bound to an array or an object, which have no text.
 */
export function showValue(element: Element, value: unknown): void {
  if (isControl(element)) return showInControl(element, value);
  if (typeof value === 'object' && value !== null) return;
  if (element.querySelector('template[na-each]') !== null) return;
  const text = displayText(value);
  if (element.textContent !== text) element.textContent = text;
}
