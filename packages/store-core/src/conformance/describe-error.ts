import { cut } from './preview';

/** Name, code and message of whatever was thrown. */
export function describeError(error: unknown): string {
  if (typeof error !== 'object' || error === null) return `${typeof error} ${String(error)}`;
  const { name, code, message } = error as { name?: unknown; code?: unknown; message?: unknown };
  const label = typeof code === 'string' ? code : typeof name === 'string' ? name : 'something thrown';
  return cut(`${label}: ${typeof message === 'string' ? message : ''}`, 300);
}
