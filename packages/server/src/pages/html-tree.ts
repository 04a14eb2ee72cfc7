import { defaultTreeAdapter, html, type DefaultTreeAdapterTypes } from 'parse5';

/** An element of a parsed page. */
export type Element = DefaultTreeAdapterTypes.Element;
/** A node that can have children. */
export type ParentNode = DefaultTreeAdapterTypes.ParentNode;
type Node = DefaultTreeAdapterTypes.Node;
type ChildNode = DefaultTreeAdapterTypes.ChildNode;

/** Whether a node is an element. */
export function isElement(node: Node): node is Element {
  return defaultTreeAdapter.isElementNode(node);
}

/** Whether an element is a template with content, which it is not in an SVG. */
export function hasContent(element: Element): element is DefaultTreeAdapterTypes.Template {
  return 'content' in element;
}

/** The current child elements, without the content of a template. */
export function childElements(parent: ParentNode): Element[] {
  return parent.childNodes.filter(isElement);
}

/** An element and all elements below it, in document order. */
export function selfAndDescendants(element: Element): Element[] {
  return [element, ...childElements(element).flatMap(selfAndDescendants)];
}

/** The value of an attribute; `undefined` if it is absent. */
export function attribute(element: Element, name: string): string | undefined {
  return element.attrs.find((candidate) => candidate.name === name)?.value;
}

/** Set an attribute, replacing its value. */
export function setAttribute(element: Element, name: string, value: string): void {
  const existing = element.attrs.find((candidate) => candidate.name === name);
  if (existing === undefined) element.attrs.push({ name, value });
  else existing.value = value;
}

/** Remove an attribute. */
export function removeAttribute(element: Element, name: string): void {
  element.attrs = element.attrs.filter((candidate) => candidate.name !== name);
}

/** Add or remove a boolean attribute. */
export function toggleAttribute(element: Element, name: string, isOn: boolean): void {
  if (isOn) setAttribute(element, name, '');
  else removeAttribute(element, name);
}

/** All text below an element. */
export function textOf(element: Element): string {
  return element.childNodes
    .map((node) => (isElement(node) ? textOf(node) : 'value' in node ? node.value : ''))
    .join('');
}

/** Replace the content with a text. */
export function setText(element: Element, text: string): void {
  element.childNodes = [];
  defaultTreeAdapter.insertText(element, text);
}

/** A deep copy without a parent. */
export function cloneElement(element: Element): Element {
  const attrs = element.attrs.map((each) => ({ ...each }));
  const copy = defaultTreeAdapter.createElement(element.tagName, element.namespaceURI, attrs);
  copyChildren(element, copy);
  if (!hasContent(element)) return copy;
  const content = defaultTreeAdapter.createDocumentFragment();
  copyChildren(element.content, content);
  return Object.assign(copy, { content });
}

/** Elements whose text is not escaped: no state may be written into them. */
export const RAW_TEXT_ELEMENTS: ReadonlySet<string> = new Set([
  html.TAG_NAMES.SCRIPT,
  html.TAG_NAMES.STYLE,
  html.TAG_NAMES.XMP,
  html.TAG_NAMES.IFRAME,
  html.TAG_NAMES.NOEMBED,
  html.TAG_NAMES.NOFRAMES,
  html.TAG_NAMES.NOSCRIPT,
  html.TAG_NAMES.PLAINTEXT,
]);

function copyChildren(from: ParentNode, to: ParentNode): void {
  for (const child of from.childNodes) defaultTreeAdapter.appendChild(to, copyNode(child));
}

function copyNode(node: ChildNode): ChildNode {
  if (isElement(node)) return cloneElement(node);
  if (defaultTreeAdapter.isTextNode(node)) return defaultTreeAdapter.createTextNode(node.value);
  return defaultTreeAdapter.createCommentNode('data' in node ? node.data : '');
}
