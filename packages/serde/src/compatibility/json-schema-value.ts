import { equalityKey } from '../json-schema/exact-values.ts';
import type { Keywords } from './json-schema-at.ts';
import { markEffective } from './json-schema-effective.ts';

/** A schema that only one value matches. */
export type Described = Keywords & { readonly enum: readonly [unknown] };

// The `enum` around them decides about values deeper inside.
const maxDepth = 8;

/** Describes a value by an `enum` and by every other keyword that it allows. */
export function schemaOfValue(value: unknown, depth = 0): Described {
  const schema = markEffective({ ...keywordsFor(value, depth), enum: [value] as const });
  descriptions.add(schema);
  return schema;
}

const descriptions = new WeakSet<object>();

/** Whether a schema was made to describe a value, which then matches it. */
export function isDescription(schema: unknown): boolean {
  return descriptions.has(schema as object);
}

function keywordsFor(value: unknown, depth: number): Keywords {
  const type = typeOf(value);
  if (depth >= maxDepth) return { type };
  if (typeof value === 'string') {
    const length = [...value].length;
    return { type, minLength: length, maxLength: length };
  }
  if (typeof value === 'number' || typeof value === 'bigint') {
    return { type, minimum: value, maximum: value, multipleOf: value };
  }
  if (Array.isArray(value)) {
    return {
      type,
      items: value.map((item) => schemaOfValue(item, depth + 1)),
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
      Object.entries(value).map(([name, member]) => [name, schemaOfValue(member, depth + 1)]),
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
