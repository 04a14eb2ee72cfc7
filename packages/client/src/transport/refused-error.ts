/** The server refused a message: sending it again would not help. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
}
