/** The usual reason for an answer that nothing has asked for: "this store cannot". */
export function stubCause(error: unknown): string | undefined {
  const { code } = Object(error) as { code?: unknown };
  if (code !== 'STORE_UNSUPPORTED') return undefined;
  return 'An optional method that the store does not offer must be absent, never a stub.';
}
