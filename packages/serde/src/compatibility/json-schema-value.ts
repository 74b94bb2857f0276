import { equalityKey } from '../json-schema/exact-values.ts';
import type { Keywords } from './json-schema-at.ts';

/** The string that a schema describes. */
export const exactText = Symbol('exact text');

/** A schema that only this value matches. A string is described by its length and `exactText`. */
export function schemaOfValue(value: unknown): Keywords & { [exactText]?: string } {
  const type = typeOf(value);
  if (typeof value === 'string') {
    const length = [...value].length;
    return { type, minLength: length, maxLength: length, [exactText]: value };
  }
  if (typeof value === 'number' || typeof value === 'bigint') {
    return { type, minimum: value, maximum: value, multipleOf: value };
  }
  if (Array.isArray(value)) {
    return {
      type,
      items: value.map(schemaOfValue),
      additionalItems: false,
      minItems: value.length,
      maxItems: value.length,
      uniqueItems: new Set(value.map(equalityKey)).size === value.length,
    };
  }
  if (typeof value !== 'object' || value === null) return { type };
  const names = Object.keys(value);
  return {
    type,
    properties: Object.fromEntries(
      Object.entries(value).map(([name, member]) => [name, schemaOfValue(member)]),
    ),
    additionalProperties: false,
    required: names,
    minProperties: names.length,
    maxProperties: names.length,
  };
}

/** The type of a JSON value by its name in JSON Schema. */
export function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'bigint' || Number.isInteger(value)) return 'integer';
  return typeof value;
}
