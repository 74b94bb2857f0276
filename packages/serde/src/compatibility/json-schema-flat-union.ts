import { isObject } from '../json-schema/each-schema.ts';
import { equalityKey } from '../json-schema/exact-values.ts';
import type { SchemaAt } from './json-schema-at.ts';
import { schemasIn } from './json-schema-atoms.ts';
import type { Comparison } from './json-schema-comparison.ts';

type Resolve = Pick<Comparison, 'draftOf' | 'resolve'>;

/**
 * The branches of an `anyOf`, with those of branches that are only an `anyOf` in their place, each once. A chain of such
 * branches may be of any length. A branch that leads back to the union adds no
 * value of a writer; a reader with one is not proven to accept a value.
 */
export function flatBranches(at: SchemaAt, comparison: Resolve): SchemaAt[] {
  const found: SchemaAt[] = [];
  const seen = new Set<unknown>([at.schema]);
  const open = schemasIn(at, 'anyOf').reverse();
  for (let next = open.pop(); next; next = open.pop()) {
    const { schema, ...place } = comparison.resolve(next);
    const isNested = isObject(schema) && Array.isArray(schema.anyOf);
    if (!isNested || Object.keys(schema).length > 1) found.push(next);
    else if (!seen.has(schema)) {
      seen.add(schema);
      open.push(...schemasIn({ ...place, schema }, 'anyOf').reverse());
    }
  }
  return seen.size === 1 ? found : withoutRepeats(found, comparison);
}

// Every reference is a pointer from the root, so that equal texts are equal schemas.
function withoutRepeats(branches: readonly SchemaAt[], { draftOf }: Resolve): SchemaAt[] {
  const byText = new Map<string, SchemaAt>();
  for (const branch of branches) {
    const key = `${draftOf(branch)} ${equalityKey(branch.schema)}`;
    if (!byText.has(key)) byText.set(key, branch);
  }
  return [...byText.values()];
}
