/** A message that was not even tried to send: the connection had ended before its turn came. */
export class NotSentError extends Error {
  override readonly name = 'NotSentError';
}
