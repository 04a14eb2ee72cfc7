/** The oldest version of Node that the suite, and the published packages, run on. */
const OLDEST = 22;

/**
 * Refuse a Node that is too old, before anything of the suite fails on it in some other way.
 *
 * @throws Error which says what is there and what is needed.
 */
export function checkNode(): void {
  const { node } = process.versions;
  if (Number.parseInt(node, 10) >= OLDEST) return;
  throw new Error(`This is Node ${node}; the conformance suite needs Node ${OLDEST} or newer.`);
}
