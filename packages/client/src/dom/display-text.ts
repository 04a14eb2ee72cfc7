/** The text for a value; empty for a missing value, an array or an object. */
export function displayText(value: unknown): string {
  return value === null || value === undefined || typeof value === 'object' ? '' : String(value);
}
