/**
 * Whether a value is what JSON calls an object: neither `null` nor an array. Its properties are not looked
 * at.
 */
export function isJsonObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
