/** The message of an error, and on a line of its own that of each error that led to it. */
export function explain(error: unknown): string {
  const messages: string[] = [];
  const seen = new Set<unknown>();
  for (let at = error; at !== undefined && !seen.has(at); at = at instanceof Error ? at.cause : undefined) {
    seen.add(at);
    messages.push(at instanceof Error ? at.message : String(at));
  }
  return messages.join('\n  because: ');
}
