import { longestIncreasing } from './longest-increasing';

/**
 * Puts nodes in order before an anchor with as few moves as possible. The node that holds the focus, or else
 * the selection, is never moved, because it would lose the focus: the others move around it.
 *
 * @param nodes the nodes in their new order; those already in the parent keep their state.
 * @param before the nodes that are in the parent, in their current order.
 */
export function arrangeNodes(nodes: readonly Element[], before: readonly Element[], anchor: Element): void {
  const parent = anchor.parentNode;
  if (parent === null) return;
  const staying = stayingNodes(nodes, before);
  let next: Element = anchor;
  for (const node of nodes.toReversed()) {
    if (!staying.has(node)) parent.insertBefore(node, next);
    next = node;
  }
}

function stayingNodes(nodes: readonly Element[], before: readonly Element[]): Set<Element> {
  const positions = new Map(before.map((node, position) => [node, position]));
  let kept = nodes.filter((node) => positions.has(node));
  const pivot = kept.findIndex((node) => holdsUser(node));
  if (pivot >= 0) {
    const pivotPosition = positions.get(kept[pivot]!)!;
    kept = kept.filter((node, index) => {
      const offset = positions.get(node)! - pivotPosition;
      return index < pivot ? offset < 0 : offset > 0 || index === pivot;
    });
  }
  return new Set(longestIncreasing(kept.map((node) => positions.get(node)!)).map((index) => kept[index]!));
}

function holdsUser(node: Element): boolean {
  const { activeElement, body } = document;
  const place = activeElement === null || activeElement === body ? getSelection()?.anchorNode : activeElement;
  return place !== null && place !== undefined && node.contains(place);
}
