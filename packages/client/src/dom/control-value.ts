import { displayText } from './display-text';

/** An element that a user edits. */
export type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

/** What the client knows about a control. */
interface Memory {
  /** The last value from the server, as text. */
  served: string;
  /** The last value that the user submitted, as text. */
  submitted?: string;
}

const memories = new WeakMap<Control, Memory>();

/** Whether an element is a form control whose value can be set. */
export function isControl(element: Element): element is Control {
  return (
    element instanceof HTMLTextAreaElement ||
    element instanceof HTMLSelectElement ||
    (element instanceof HTMLInputElement && element.type !== 'file')
  );
}

/**
 * Shows a value from the server in a control. A repeated value is not written again, so that what the user
 * has typed since survives; and a control that has the focus and was edited belongs to the user.
 */
export function showInControl(control: Control, value: unknown): void {
  const text = toText(control, value);
  const memory = memories.get(control) ?? { served: initialText(control) };
  const before = memory.served;
  memories.set(control, { ...memory, served: text });
  if (text === before) return;
  const shown = shownText(control);
  const edited = shown !== before && shown !== memory.submitted;
  if (shown === text || (edited && control === control.ownerDocument.activeElement)) return;
  writeText(control, text);
}

/** Notes that the value of a control is being sent: until the user edits it again, patches may change it. */
export function markSubmitted(control: Control): void {
  const memory = memories.get(control) ?? { served: initialText(control) };
  memories.set(control, { ...memory, submitted: shownText(control) });
}

/** What a control adds to the payload of its form; `undefined` if it adds nothing. */
export function controlPayload(control: Control): unknown {
  if (control.disabled) return undefined;
  if (control instanceof HTMLSelectElement && control.multiple) {
    return [...control.selectedOptions].map((option) => option.value);
  }
  if (!isCheckable(control)) return control.value;
  if (control.type === 'checkbox') return control.checked;
  return control.checked ? control.value : undefined;
}

/**
 * Resets a control to its initial value. Returns a function that undoes it, unless the user has edited it
 * since.
 */
export function resetControl(control: Control): () => void {
  const text = shownText(control);
  writeText(control, initialText(control));
  return () => {
    if (shownText(control) === initialText(control)) writeText(control, text);
  };
}

function isCheckable(control: Control): control is HTMLInputElement {
  return control instanceof HTMLInputElement && (control.type === 'checkbox' || control.type === 'radio');
}

function toText(control: Control, value: unknown): string {
  if (!isCheckable(control)) return displayText(value);
  return String(control.type === 'checkbox' ? Boolean(value) : control.value === displayText(value));
}

function writeText(control: Control, text: string): void {
  if (isCheckable(control)) control.checked = text === 'true';
  else control.value = text;
}

function shownText(control: Control): string {
  return isCheckable(control) ? String(control.checked) : control.value;
}

function initialText(control: Control): string {
  if (isCheckable(control)) return String(control.defaultChecked);
  if (!(control instanceof HTMLSelectElement)) return control.defaultValue;
  const options = [...control.options];
  return (options.find((option) => option.defaultSelected) ?? options[0])?.value ?? '';
}
