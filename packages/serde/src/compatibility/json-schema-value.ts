import { equalityKey } from '../json-schema/exact-values.ts';
import type { Keywords } from './json-schema-at.ts';

/** The string that a schema describes. */
export const exactText = Symbol('exact text');

/** A schema that only this value matches. A string is described by its length and `exactText`. */
export function schemaOfValue(value: unknown): Keywords & { [exactText]?: string } {
  if (typeof value === 'string') {
    const length = [...value].length;
    return { type: 'string', minLength: length, maxLength: length, [exactText]: value };
  }
  if (typeof value === 'number' || typeof value === 'bigint') {
    const isWhole = typeof value === 'bigint' || Number.isInteger(value);
    return {
      type: isWhole ? 'integer' : 'number',
      minimum: value,
      maximum: value,
      multipleOf: value,
    };
  }
  if (Array.isArray(value)) {
    return {
      type: 'array',
      items: value.map(schemaOfValue),
      additionalItems: false,
      minItems: value.length,
      maxItems: value.length,
      uniqueItems: new Set(value.map(equalityKey)).size === value.length,
    };
  }
  if (typeof value !== 'object' || value === null) {
    return { type: value === null ? 'null' : typeof value };
  }
  const names = Object.keys(value);
  return {
    type: 'object',
    properties: Object.fromEntries(
      Object.entries(value).map(([name, member]) => [name, schemaOfValue(member)]),
    ),
    additionalProperties: false,
    required: names,
    minProperties: names.length,
    maxProperties: names.length,
  };
}
