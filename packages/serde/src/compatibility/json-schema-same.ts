import { isObject } from '../json-schema/each-schema.ts';
import { equalityKey } from '../json-schema/exact-values.ts';
import { subschemasIn } from '../json-schema/keyword-fault.ts';
import type { Keywords, SchemaAt } from './json-schema-at.ts';
import type { Comparison } from './json-schema-comparison.ts';

type Drafts = Pick<Comparison, 'draftOf' | 'resolve'>;

/** Whether two schemas have the same keywords but for annotations, and so have the targets of their references. */
export function isSame(one: SchemaAt, other: SchemaAt, comparison: Drafts): boolean {
  const seen = new Map<unknown, Set<unknown>>();
  const { draftOf, resolve } = comparison;
  if (draftOf(one) !== draftOf(other)) return false;
  return same(one, other);

  function same(left: SchemaAt, right: SchemaAt): boolean {
    const [first, second] = [resolve(left), resolve(right)];
    if (!isObject(first.schema) || !isObject(second.schema)) return first.schema === second.schema;
    if (first.schema === second.schema) return true;
    const known = seen.get(first.schema) ?? new Set();
    seen.set(first.schema, known);
    if (known.has(second.schema)) return true;
    known.add(second.schema);
    const keywords = Object.keys(first.schema);
    const others = second.schema;
    return (
      keywords.length === Object.keys(others).length &&
      keywords.every((keyword) => Object.hasOwn(others, keyword) && sameIn(keyword, first, second))
    );
  }

  function sameIn(keyword: string, left: SchemaAt, right: SchemaAt): boolean {
    const [wanted, given] = [left, right].map((at) => (at.schema as Keywords)[keyword]);
    const found = subschemasIn(keyword, draftOf(left));
    if (keyword === '$dynamicRef' || keyword === '$recursiveRef') {
      // The target depends on how the value came here, so the whole definitions must be the same.
      return wanted === given && same(wholeOf(left), wholeOf(right));
    }
    if (keyword === '$ref') {
      return same({ ...left, schema: { $ref: wanted } }, { ...right, schema: { $ref: given } });
    }
    const isList = Array.isArray(wanted);
    if (!found || (found === 'itself' && !isList)) {
      if (!found) return equalityKey(wanted) === equalityKey(given);
      return same(
        { ...left, schema: wanted, path: [...left.path, keyword] },
        { ...right, schema: given, path: [...right.path, keyword] },
      );
    }
    if (Array.isArray(given) !== isList) return false;
    const parts = Object.entries(wanted as object);
    if (parts.length !== Object.keys(given as object).length) return false;
    return parts.every(([key, part]) => {
      if (!Object.hasOwn(given as object, key)) return false;
      const before = (given as Keywords)[key];
      // A list of names in `dependencies`.
      if (Array.isArray(part)) return equalityKey(part) === equalityKey(before);
      return same(
        { ...left, schema: part, path: [...left.path, keyword, key] },
        { ...right, schema: before, path: [...right.path, keyword, key] },
      );
    });
  }
}

function wholeOf({ root }: SchemaAt): SchemaAt {
  return { schema: root, root, path: [] };
}
