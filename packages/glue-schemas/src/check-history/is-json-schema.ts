import { definitionJson } from '@order-stream/serde/compatibility';
import { draftNamedIn } from '@order-stream/serde/json-schema';
import { hasKeyword, isObject } from './schema-keywords.ts';

/**
 * Whether a .json file of a folder is meant as a JSON Schema, which other .json files, such as package.json, are not. A
 * file with `$schema` is a JSON Schema if `$schema` names any version of it. Without `$schema`, a keyword with a value of
 * the right shape decides. A text that is not JSON and an unsupported version count, so that `check` reports the fault.
 */
export function isJsonSchema(definition: string): boolean {
  let root: unknown;
  try {
    root = definitionJson(definition);
  } catch {
    return true;
  }
  if (typeof root === 'boolean') return true;
  if (!isObject(root)) return false;
  if (typeof root.$schema !== 'string') return hasKeyword(root);
  return draftNamedIn(root, undefined) !== undefined || namesJsonSchema(root.$schema);
}

/** Also with a misspelt host or version. */
function namesJsonSchema($schema: string): boolean {
  return /^(https?:\/\/)?(www\.)?json-?schema\b|(^|\/)draft[-/]?\d/i.test($schema);
}
