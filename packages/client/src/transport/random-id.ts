/**
 * 128 random bits. `crypto.randomUUID` needs a secure context, which a server on the local network is not.
 */
export function randomId(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('');
}
