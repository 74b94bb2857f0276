export interface JsonObject {
  readonly [key: string]: JsonValue;
}

/** A JSON value whose numbers are raw, from `JSON.rawJSON`: an object by its type, but written as the number. */
export type JsonValue = null | boolean | string | readonly JsonValue[] | JsonObject;

export const isArray = (value: JsonValue): value is readonly JsonValue[] => Array.isArray(value);

export const isObject = (value: JsonValue): value is JsonObject =>
  typeof value === 'object' && value !== null && !isArray(value) && !isRawJson(value);

// Node 22 and later; not in TypeScript's library yet.
const { isRawJSON: isRawJson } = JSON as unknown as { isRawJSON(value: unknown): boolean };
