import { memberPointer } from '../json/json-pointer.ts';

export type Keywords = Readonly<Record<string, unknown>>;

// The members of these keywords are schemas; their names are not keywords.
const maps = new Set(
  'properties patternProperties definitions $defs dependencies dependentSchemas'.split(' '),
);
// In these keywords an object is a value, not a schema.
const values = new Set('enum const default examples example'.split(' '));

/**
 * Calls `visit` with every object in a definition that may be a schema, and its JSON pointer. An object
 * under an unknown keyword counts, because a `$ref` may point to it.
 */
export function eachSchema(
  node: unknown,
  visit: (schema: Keywords, pointer: string) => void,
  pointer = '',
): void {
  if (Array.isArray(node)) {
    for (const [index, part] of node.entries()) eachSchema(part, visit, `${pointer}/${index}`);
  }
  if (!isObject(node)) return;
  visit(node, pointer);
  for (const [keyword, part] of Object.entries(node)) {
    if (values.has(keyword)) continue;
    const place = memberPointer(pointer, keyword);
    if (maps.has(keyword) && isObject(part)) {
      for (const [name, schema] of Object.entries(part)) {
        eachSchema(schema, visit, memberPointer(place, name));
      }
    } else eachSchema(part, visit, place);
  }
}

export function isObject(value: unknown): value is Keywords {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
