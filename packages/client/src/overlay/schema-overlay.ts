/**
 * `overlay/`: for the author of a page: where the page, the values and the schemas disagree. Not here:
 * anything that users see or that the page needs to work.
 */
import { currentRows } from '../dom/keyed-rows';
import type { Scope, Scopes } from '../dom/scope';
import type { BindUpdatePatch, SchemaPatch } from '../protocol';
import { findMisfit } from './find-misfit';
import { findUnknownBindings, type Mismatch } from './find-unknown-bindings';
import { KnownSchemas } from './known-schemas';
import { OverlayBox } from './overlay-box';

/** Shows the author of a page where it disagrees with the schema of its state. */
export class SchemaOverlay {
  readonly #schemas = new KnownSchemas();
  readonly #box: OverlayBox;
  readonly #reported = new WeakMap<Element, Set<string>>();
  readonly #misfits = new Set<string>();
  readonly #pending = new Map<string, BindUpdatePatch>();
  #mustCheckPage = false;
  #isScheduled = false;

  constructor(
    private readonly scopes: Scopes,
    signal: AbortSignal,
  ) {
    this.#box = new OverlayBox(signal);
  }

  /** Stores the schema of a type; the page is checked against it when idle. */
  learn({ type, schema }: SchemaPatch): void {
    this.#schemas.set(type, schema);
    this.#mustCheckPage = true;
    this.#schedule();
  }

  /** Takes a value from the server; it is checked when idle. */
  observe(patch: BindUpdatePatch): void {
    if (patch.removed === true) return;
    this.#pending.set(JSON.stringify([patch.type, patch.instance, patch.prop]), patch);
    this.#schedule();
  }

  /** Lists a problem with an element, once. */
  report({ message, element, template }: Mismatch): void {
    const known = this.#reported.get(element) ?? new Set();
    if (known.has(message)) return;
    this.#reported.set(element, known.add(message));
    console.warn(`[nasc] ${message}`);
    this.#box.add(message, () => placeOf(element, template));
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    // Safari has no requestIdleCallback.
    const later = globalThis.requestIdleCallback ?? ((run: () => void) => setTimeout(run, 50));
    later(() => {
      this.#isScheduled = false;
      this.#check();
    });
  }

  #check(): void {
    const scopes = this.scopes.all();
    if (this.#mustCheckPage) {
      this.#mustCheckPage = false;
      scopes
        .flatMap((scope) => findUnknownBindings(scope, this.#schemas))
        .forEach((found) => this.report(found));
    }
    for (const [key, patch] of this.#pending) {
      if (!this.#schemas.has(patch.type)) continue;
      this.#pending.delete(key);
      this.#checkValue(patch, scopes);
    }
  }

  #checkValue({ type, instance, prop, value }: BindUpdatePatch, scopes: readonly Scope[]): void {
    const misfit = findMisfit(this.#schemas, type, prop, value);
    const scope = scopes.find((candidate) => candidate.type === type && candidate.instance === instance);
    if (misfit === undefined || scope === undefined) return;
    const { segments, reason } = misfit;
    const kind = `${type}.${segments.map((name) => (/^\d+$/.test(name) ? '*' : name)).join('.')}`;
    if (this.#misfits.has(kind)) return;
    this.#misfits.add(kind);
    const element = boundTo(scope.element, segments);
    this.report({ message: `${type}.${segments.join('.')} does not match the schema: ${reason}`, element });
  }
}

/** The element that shows a value, or the nearest one that can be found. */
function boundTo(scope: Element, segments: readonly string[]): Element {
  const find = (container: Element, name: string): Element | null =>
    [...container.querySelectorAll('[na-bind], [ng-bind]')].find((element) =>
      [element.getAttribute('na-bind'), element.getAttribute('ng-bind')].some(
        (expression) => expression?.replace(/^.*:/s, '').replace('$', '') === name,
      ),
    ) ?? null;
  const [prop = '', index, ...rest] = segments;
  const template = [...scope.querySelectorAll<HTMLTemplateElement>('template[na-each]')].find(
    (candidate) => candidate.getAttribute('na-each')?.replace('$', '') === prop,
  );
  const row = template === undefined ? undefined : currentRows(template)[Number(index)];
  if (row !== undefined) return find(row, rest.join('.')) ?? row;
  return find(scope, segments.join('.')) ?? find(scope, prop) ?? scope;
}

/** What to reveal for an element in a template: its copy in the first row, or else the list. */
function placeOf(element: Element, template: HTMLTemplateElement | undefined): Element | null {
  if (template === undefined) return element;
  const row = currentRows(template)[0];
  const index = [...template.content.querySelectorAll('*')].indexOf(element);
  return row === undefined ? template.parentElement : ([row, ...row.querySelectorAll('*')][index] ?? row);
}
