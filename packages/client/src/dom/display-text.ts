/** The text for a value: nothing for what is absent, and none for an array or object. */
export function displayText(value: unknown): string {
  return value === null || value === undefined || typeof value === 'object' ? '' : String(value);
}
