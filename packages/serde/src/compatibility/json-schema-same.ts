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

type Pairs = WeakMap<object, WeakSet<object>>;

/**
 * Pairs of schemas without references that one comparison has looked at. Without those that differ, each level of a schema
 * would compare all levels below it once more; without those that are the same, each reference to a shared definition would.
 * A schema has one place in its definition, so it has the same draft and the same targets whenever it is met.
 */
interface KnownPairs {
  readonly same: Pairs;
  readonly different: Pairs;
  count: number;
}

const knownPairs = new WeakMap<Drafts, KnownPairs>();

/**
 * How many pairs of schemas one comparison looks at here: two cycles of references of m and n schemas can have m × n pairs.
 * Beyond, schemas count as different, so that they are compared keyword by keyword.
 */
const maxPairs = 50_000;

/** Whether two schemas have the same keywords but for annotations, and so have the targets of their references. */
export function isSame(one: SchemaAt, other: SchemaAt, comparison: Drafts): boolean {
  const { draftOf, resolve } = comparison;
  const seen: Pair[] = [];
  const begun: Pairs = new WeakMap();
  const known = knownPairs.get(comparison) ?? {
    same: new WeakMap(),
    different: new WeakMap(),
    count: 0,
  };
  knownPairs.set(comparison, known);
  // A list instead of calls, because references can lead from schema to schema farther than the stack reaches.
  const open: Pair[] = [{ left: one, right: other, around: undefined }];
  for (let next = open.pop(); next; next = open.pop()) {
    const pair = { ...next, left: resolve(next.left), right: resolve(next.right) };
    if (pair.left.schema === pair.right.schema || has(pair, known.same)) continue;
    known.count += 1;
    if (known.count > maxPairs) return false;
    if (has(pair, begun)) continue;
    add(pair, begun);
    const parts = partsOf(pair);
    if (!parts) {
      for (let one: Pair | undefined = pair; one; one = one.around) add(one, known.different);
      return false;
    }
    seen.push(pair);
    for (const part of parts) open.push(part);
  }
  // No pair of them differs by itself or leads to one that does.
  for (const pair of seen) add(pair, known.same);
  return true;

  /** Undefined if the schemas differ by themselves. */
  function partsOf(pair: Pair): Pair[] | undefined {
    const { left, right } = pair;
    const [first, second] = [left.schema, right.schema];
    if (draftOf(left) !== draftOf(right)) return undefined;
    if (!isObject(first) || !isObject(second)) return undefined;
    if (has(pair, known.different)) return undefined;
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

function has({ left, right }: Pair, pairs: Pairs): boolean {
  if (!isObject(left.schema) || !isObject(right.schema)) return false;
  return pairs.get(left.schema)?.has(right.schema) ?? false;
}

/** Booleans are not remembered. */
function add({ left, right }: Pair, pairs: Pairs): void {
  if (!isObject(left.schema) || !isObject(right.schema)) return;
  const others = pairs.get(left.schema) ?? new WeakSet();
  pairs.set(left.schema, others.add(right.schema));
}

function wholeOf({ root }: SchemaAt): SchemaAt {
  return { schema: root, root, path: undefined };
}
