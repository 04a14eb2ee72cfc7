import { bindingPath } from './dom/binding-path';
import { controlPayload, isControl, markSubmitted, resetControl, type Control } from './dom/control-value';
import type { Scopes } from './dom/scope';
import type { View } from './dom/view';
import type { ClientMessage } from './protocol';
import { RefusedError } from './transport/refused-error';

/** What the listeners need from the rest of the client. */
export interface EventSink {
  /** The scopes of the page. */
  readonly scopes: Scopes;
  /** What the page shows. */
  readonly view: View;
  /** Resolves once the server is done with the message, rejects if it refused it or cannot be reached. */
  send(message: ClientMessage): Promise<void>;
  /** Tells the author of the page about a mistake. */
  complain(message: string, element: Element): void;
}

/** Listens on the document, so that elements added later work too. */
export function listenForEvents(sink: EventSink, signal: AbortSignal): void {
  document.addEventListener('click', (event) => onClick(event, sink), { signal });
  document.addEventListener('submit', (event) => onSubmit(event, sink), { signal });
}

function onClick(event: MouseEvent, sink: EventSink): void {
  const element = event.target instanceof Element ? event.target.closest('[na-click]') : null;
  if (element === null) return;
  // A checkbox, too, changes only when the server says so.
  event.preventDefault();
  const data = [...element.attributes].filter(({ name }) => name.startsWith('data-'));
  const payload = Object.fromEntries(data.map(({ name, value }) => [name.slice('data-'.length), value]));
  void sendEvent(sink, element, 'na-click', payload);
}

function onSubmit(event: SubmitEvent, sink: EventSink): void {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || !form.hasAttribute('na-submit')) return;
  event.preventDefault();
  const controls = [...form.elements].filter(
    (element): element is Control => isControl(element) && nameOf(element) !== '',
  );
  const payload = controls
    .map((control) => [nameOf(control), controlPayload(control)] as const)
    .filter(([, value]) => value !== undefined);
  controls.forEach(markSubmitted);
  const undo = controls.filter((control) => isForEvent(control, sink)).map(resetControl);
  void sendEvent(sink, form, 'na-submit', Object.fromEntries(payload)).then((sent) => {
    if (!sent) undo.forEach((restore) => restore());
  });
}

/** Sends the event that an element names to the instance of its scope. Resolves with whether it succeeded. */
async function sendEvent(
  { scopes, send, complain }: EventSink,
  element: Element,
  attribute: 'na-click' | 'na-submit',
  payload: Record<string, unknown>,
): Promise<boolean> {
  const event = element.getAttribute(attribute) ?? '';
  const scope = scopes.of(element);
  if (scope === undefined || scope.type === '') {
    complain(`${attribute}="${event}" is not inside an element with na-scope and na-type`, element);
    return false;
  }
  try {
    await send({ event, instance: scope.instance, type: scope.type, payload });
    return true;
  } catch (error) {
    if (error instanceof RefusedError) console.warn(`[nasc] ${event} was refused:`, error.message);
    else console.error(`[nasc] ${event} did not reach the server:`, error);
    return false;
  }
}

function nameOf(control: Control): string {
  return control.getAttribute('ng-bind') ?? '';
}

/**
 * Whether a field is for its event only: the instance has no such property, as with the title of an item to
 * add.
 */
function isForEvent(control: Control, { scopes, view }: EventSink): boolean {
  const scope = scopes.of(control);
  return (
    scope !== undefined &&
    control.closest('[na-key-val]') === null &&
    view.lacks(scope, bindingPath(nameOf(control)))
  );
}
