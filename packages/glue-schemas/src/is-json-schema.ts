import { definitionJson } from '@order-stream/serde/compatibility';
import { draftNamedIn } from '@order-stream/serde/json-schema';

const keywords = [
  ...['$ref', '$id', '$defs', 'definitions', 'properties', 'patternProperties'],
  ...['additionalProperties', 'items', 'prefixItems', 'enum', 'const', 'required'],
  ...['allOf', 'anyOf', 'oneOf', 'not', 'if'],
];
const types = new Set('null boolean integer number string array object'.split(' '));

/**
 * Whether a .json file of a folder is meant as a JSON Schema, which other .json files, such as package.json, are not: its
 * `$schema` names a draft, or it has none and a keyword that shapes values. A text that is not JSON counts as one, so that
 * its fault is reported.
 */
export function isJsonSchema(definition: string): boolean {
  let root: unknown;
  try {
    root = definitionJson(definition);
  } catch {
    return true;
  }
  if (typeof root !== 'object' || root === null || Array.isArray(root)) return false;
  if (Object.hasOwn(root, '$schema')) return draftNamedIn(root, undefined) !== undefined;
  if (keywords.some((keyword) => Object.hasOwn(root, keyword))) return true;
  const { type } = root as { type?: unknown };
  return [type].flat().some((one) => typeof one === 'string' && types.has(one));
}
