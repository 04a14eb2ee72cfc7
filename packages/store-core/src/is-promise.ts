/** Whether a value is a promise, of whichever realm. JSON has no functions: no state is taken for one. */
export function isPromise<T>(value: T | Promise<T>): value is Promise<T> {
  return typeof (value as Partial<Promise<T>> | null | undefined)?.then === 'function';
}
