const MARKS = ['na-click', 'ng-bind', 'na-bind', 'id', 'class'];

/**
 * Moves the focus out of a row that is about to be removed: to the same control of the row that takes its
 * place, or of the row before it, or to the list itself if it is focusable (`tabindex="-1"`).
 *
 * @param rows the current rows.
 * @param leaving those that will be removed.
 */
export function keepFocus(rows: readonly Element[], leaving: ReadonlySet<Element>, list: Element): void {
  const focused = document.activeElement;
  if (focused === null) return;
  const at = rows.findIndex((row) => leaving.has(row) && row.contains(focused));
  if (at < 0) return;
  const stays = (row: Element): boolean => !leaving.has(row);
  const heir = rows.slice(at).find(stays) ?? rows.slice(0, at).findLast(stays);
  const target = heir === undefined ? list : counterpart(focused, rows[at]!, heir);
  if (target instanceof HTMLElement || target instanceof SVGElement) target.focus();
}

function counterpart(focused: Element, row: Element, heir: Element): Element {
  if (focused === row) return heir;
  const selector = MARKS.filter((name) => focused.hasAttribute(name))
    .slice(0, 1)
    .map((name) => `[${name}="${CSS.escape(focused.getAttribute(name) ?? '')}"]`);
  return heir.querySelector(selector[0] ?? focused.localName) ?? heir;
}
