/** A message was sent, but the connection ended without an answer: no one knows whether it arrived. */
export class UnansweredError extends Error {
  override readonly name = 'UnansweredError';
}
