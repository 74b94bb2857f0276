import { isObject } from '../json-schema/each-schema.ts';
import { equalityKey } from '../json-schema/exact-values.ts';
import { subschemasIn } from '../json-schema/keyword-fault.ts';
import type { Keywords, SchemaAt } from './json-schema-at.ts';
import type { Comparison } from './json-schema-comparison.ts';
import { below } from './path.ts';

type Drafts = Pick<Comparison, 'draftOf' | 'resolve'>;

/** Two schemas that must be the same so that the pair around them is. */
interface Pair {
  readonly left: SchemaAt;
  readonly right: SchemaAt;
  readonly around: Pair | undefined;
}

/** Pairs that are known to differ. Without them, each level of a schema would compare all levels below it once more. */
const differences = new WeakMap<Drafts, WeakMap<object, WeakSet<object>>>();

/**
 * How many pairs of schemas one comparison looks at here: two cycles of references of m and n schemas can have m × n pairs.
 * Beyond, schemas count as different, so that they are compared keyword by keyword.
 */
const maxPairs = 50_000;
const pairCounts = new WeakMap<Drafts, number>();

/** Whether two schemas have the same keywords but for annotations, and so have the targets of their references. */
export function isSame(one: SchemaAt, other: SchemaAt, comparison: Drafts): boolean {
  const { draftOf, resolve } = comparison;
  const seen = new Map<unknown, Set<unknown>>();
  const different = differences.get(comparison) ?? new WeakMap<object, WeakSet<object>>();
  differences.set(comparison, different);
  // A list instead of calls, because references can lead from schema to schema farther than the stack reaches.
  const open: Pair[] = [{ left: one, right: other, around: undefined }];
  for (let next = open.pop(); next; next = open.pop()) {
    const count = (pairCounts.get(comparison) ?? 0) + 1;
    pairCounts.set(comparison, count);
    if (count > maxPairs) return false;
    const pair = { ...next, left: resolve(next.left), right: resolve(next.right) };
    const parts = isNew(pair) ? partsOf(pair) : [];
    if (!parts) {
      markDifferent(pair, different);
      return false;
    }
    open.push(...parts);
  }
  return true;

  function isNew({ left: { schema }, right: { schema: other } }: Pair): boolean {
    if (schema === other) return false;
    const known = seen.get(schema) ?? new Set();
    seen.set(schema, known);
    return !known.has(other) && known.add(other) !== undefined;
  }

  /** Undefined if the schemas differ by themselves. */
  function partsOf(pair: Pair): Pair[] | undefined {
    const { left, right } = pair;
    const [first, second] = [left.schema, right.schema];
    if (draftOf(left) !== draftOf(right)) return undefined;
    if (!isObject(first) || !isObject(second)) return undefined;
    if (different.get(first)?.has(second)) return undefined;
    const keywords = Object.keys(first);
    if (keywords.length !== Object.keys(second).length) return undefined;
    const parts: Pair[] = [];
    for (const keyword of keywords) {
      const own = Object.hasOwn(second, keyword) && partsIn(keyword, left, right);
      if (!own) return undefined;
      for (const [left, right] of own) parts.push({ left, right, around: pair });
    }
    return parts;
  }

  /** Undefined if the keyword differs by itself. */
  function partsIn(
    keyword: string,
    left: SchemaAt,
    right: SchemaAt,
  ): [SchemaAt, SchemaAt][] | undefined {
    const [wanted, given] = [left, right].map((at) => (at.schema as Keywords)[keyword]);
    const found = subschemasIn(keyword, draftOf(left));
    if (keyword === '$dynamicRef' || keyword === '$recursiveRef') {
      // The target depends on how the value came here, so the whole definitions must be the same.
      return wanted === given ? [[wholeOf(left), wholeOf(right)]] : undefined;
    }
    if (keyword === '$ref') {
      return [
        [
          { ...left, schema: { $ref: wanted } },
          { ...right, schema: { $ref: given } },
        ],
      ];
    }
    const isList = Array.isArray(wanted);
    if (!found) return equalityKey(wanted) === equalityKey(given) ? [] : undefined;
    if (found === 'itself' && !isList) return [[inside(left, wanted), inside(right, given)]];
    if (Array.isArray(given) !== isList) return undefined;
    const parts = Object.entries(wanted as object);
    if (parts.length !== Object.keys(given as object).length) return undefined;
    const pairs: [SchemaAt, SchemaAt][] = [];
    for (const [key, part] of parts) {
      if (!Object.hasOwn(given as object, key)) return undefined;
      const before = (given as Keywords)[key];
      // A list of names in `dependencies`.
      if (Array.isArray(part)) {
        if (equalityKey(part) !== equalityKey(before)) return undefined;
      } else pairs.push([inside(left, part, key), inside(right, before, key)]);
    }
    return pairs;

    function inside(at: SchemaAt, schema: unknown, ...key: string[]): SchemaAt {
      return { ...at, schema, path: below(at.path, keyword, ...key) };
    }
  }
}

function markDifferent(innermost: Pair, different: WeakMap<object, WeakSet<object>>): void {
  for (let pair: Pair | undefined = innermost; pair; pair = pair.around) {
    const { left, right } = pair;
    if (!isObject(left.schema) || !isObject(right.schema)) continue;
    const others = different.get(left.schema) ?? new WeakSet();
    different.set(left.schema, others.add(right.schema));
  }
}

function wholeOf({ root }: SchemaAt): SchemaAt {
  return { schema: root, root, path: undefined };
}
