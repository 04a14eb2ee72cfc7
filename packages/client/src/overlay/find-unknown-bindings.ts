import { bindingPath, type BindingPath } from '../dom/binding-path';
import { fromRoot, type Scope } from '../dom/scope';
import type { KnownSchemas } from './known-schemas';

/** Something on the page that does not match the schema. */
export interface Mismatch {
  /** What is wrong. */
  readonly message: string;
  /** The element it is about, possibly inside a template. */
  readonly element: Element;
  /** The template that contains it, if any. */
  readonly template?: HTMLTemplateElement | undefined;
}

/** Where an element is: in a scope, and maybe in a template whose items have a type. */
interface Place {
  readonly scope: Scope;
  readonly template?: HTMLTemplateElement;
  /** Type of the template's items, if it can be told. */
  readonly itemType?: string | undefined;
}

/** The path of a binding within a type. */
interface Target {
  readonly type: string;
  readonly segments: readonly string[];
}

/** The bindings, lists and form fields of a scope that are not in its schema. */
export function findUnknownBindings(scope: Scope, schemas: KnownSchemas): Mismatch[] {
  return schemas.has(scope.type) ? inside(scope.element, { scope }, schemas) : [];
}

function inside(container: ParentNode, place: Place, schemas: KnownSchemas): Mismatch[] {
  const elements = [...container.querySelectorAll('[na-bind], [ng-bind], template[na-each]')].filter(
    (element) => element.closest('[na-key-val]') === null && isOfScope(element, place),
  );
  return elements.flatMap((element) => {
    const found = ['na-bind', 'ng-bind', 'na-each'].flatMap((attribute) => {
      const mismatch = checkAttribute(element, attribute, place, schemas);
      return mismatch === undefined ? [] : [mismatch];
    });
    if (!(element instanceof HTMLTemplateElement)) return found;
    const itemType = itemTypeOf(element, place, schemas);
    return [
      ...found,
      ...inside(element.content, { scope: place.scope, template: element, itemType }, schemas),
    ];
  });
}

function checkAttribute(
  element: Element,
  attribute: string,
  place: Place,
  schemas: KnownSchemas,
): Mismatch | undefined {
  const path = bindingPath(element.getAttribute(attribute) ?? '');
  const target = path.segments.length > 0 ? targetOf(element, path, place) : undefined;
  if (target === undefined || !schemas.has(target.type)) return undefined;
  if (schemas.knows(target.type, target.segments)) return undefined;
  if (attribute === 'ng-bind' && isForEvent(element, path, place, schemas)) return undefined;
  const kind = attribute === 'ng-bind' ? 'field' : 'binding';
  const message = `Unknown ${kind} ${target.type}.${target.segments.join('.')}`;
  return { message, element, template: place.template };
}

function targetOf(element: Element, path: BindingPath, place: Place): Target | undefined {
  const explicit = path.type ?? explicitType(element);
  if (explicit !== undefined) return { type: explicit, segments: path.segments };
  if (place.template === undefined || path.absolute) {
    return { type: place.scope.type, segments: fromRoot(place.scope, path) };
  }
  return place.itemType === undefined ? undefined : { type: place.itemType, segments: path.segments };
}

/** Whether a control is named like a property of a list's items: it is for the event that adds one. */
function isForEvent(element: Element, path: BindingPath, place: Place, schemas: KnownSchemas): boolean {
  if (place.template !== undefined || explicitType(element) !== undefined) return false;
  const templates = place.scope.element.querySelectorAll<HTMLTemplateElement>('template[na-each]');
  return [...templates]
    .filter((template) => template.closest('[na-key-val]') === null && isOfScope(template, place))
    .map((template) => itemTypeOf(template, place, schemas))
    .some((type) => type !== undefined && schemas.has(type) && schemas.knows(type, path.segments));
}

function itemTypeOf(template: HTMLTemplateElement, place: Place, schemas: KnownSchemas): string | undefined {
  const named = template.getAttribute('na-type');
  if (named !== null && named !== '') return named;
  const target = targetOf(template, bindingPath(template.getAttribute('na-each') ?? ''), place);
  return target === undefined ? undefined : schemas.itemType(target.type, target.segments);
}

/** `na-type` of a bound element; on scopes and templates it means something else. */
function explicitType(element: Element): string | undefined {
  if (element.hasAttribute('na-scope') || element.hasAttribute('na-each')) return undefined;
  return element.getAttribute('na-type') ?? undefined;
}

function isOfScope(element: Element, { scope, template }: Place): boolean {
  return element.closest('[na-scope]') === (template === undefined ? scope.element : null);
}
