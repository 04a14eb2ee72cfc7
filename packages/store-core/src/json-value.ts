/** What JSON can say. */
export type JsonValue = null | boolean | number | string | JsonValue[] | JsonObject;

/** The root of every state: an object of own, enumerable, string-keyed data properties. */
export interface JsonObject {
  [key: string]: JsonValue;
}
