/** A message was not sent: the connection ended before its turn came. */
export class NotSentError extends Error {
  override readonly name = 'NotSentError';
}
