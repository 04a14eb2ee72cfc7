/** An answer that may be there at once or come later. */
export type Awaitable<T> = T | Promise<T>;

/** Whether an answer comes later. No state is taken for a promise: JSON has no functions. */
export function isPromise<T>(value: T | Promise<T>): value is Promise<T> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}
