import { memberPointer } from '../json-pointer.ts';

export type Keywords = Readonly<Record<string, unknown>>;

// Members of these are schemas by names that say nothing to JSON Schema.
const maps = new Set(
  'properties patternProperties definitions $defs dependencies dependentSchemas'.split(' '),
);
const subschemas = new Set(
  'allOf anyOf oneOf not if then else items prefixItems additionalItems contains additionalProperties propertyNames unevaluatedProperties unevaluatedItems'.split(
    ' ',
  ),
);
// In these an object is a value, not a schema.
const values = new Set('enum const default examples example'.split(' '));

/** `isSure` unless it stands under an unknown keyword, where it may be anything. */
type Visit = (schema: Keywords, pointer: string, isSure: boolean) => void;

/**
 * Calls `visit` for every schema in a definition, with its JSON pointer; booleans left out. What stands
 * under an unknown keyword counts as one, for a `$ref` may lead there.
 */
export function eachSchema(node: unknown, visit: Visit, pointer = '', isSure = true): void {
  if (Array.isArray(node)) {
    for (const [index, part] of node.entries()) {
      eachSchema(part, visit, `${pointer}/${index}`, isSure);
    }
  }
  if (!isObject(node)) return;
  visit(node, pointer, isSure);
  for (const [keyword, part] of Object.entries(node)) {
    if (values.has(keyword)) continue;
    const place = memberPointer(pointer, keyword);
    if (maps.has(keyword) && isObject(part)) {
      for (const [name, schema] of Object.entries(part)) {
        eachSchema(schema, visit, memberPointer(place, name), isSure);
      }
    } else eachSchema(part, visit, place, isSure && subschemas.has(keyword));
  }
}

export function isObject(value: unknown): value is Keywords {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
