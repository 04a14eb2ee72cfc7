/** The server took a look at a message and refused it: sending it again would not help. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
}
