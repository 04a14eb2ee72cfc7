/** On the global object, since the module of a target may load another copy of this package. */
const MARK = Symbol.for('nasc.conformance.suite-process');

/** Remember that this process was started by the suite, to import the module of a target. */
export function markSuiteProcess(): void {
  Object.defineProperty(globalThis, MARK, { value: true });
}

/**
 * Refuse to run the suite in a process of the suite: a module that runs it when it is imported would
 * start processes without end.
 *
 * @throws Error with the way out.
 */
export function refuseSuiteProcess(): void {
  if (!(MARK in globalThis)) return;
  throw new Error(
    'The module of the target runs the suite when another process imports it. Move the target, with its ' +
      '`module: import.meta.url`, to a module of its own, and run the suite in one that imports it.',
  );
}
