import { type Draft, draftNamedIn } from '../json-schema/drafts.ts';
import { isObject, type Keywords } from '../json-schema/each-schema.ts';
import { referencesKeyword } from '../json-schema/join-references.ts';
import { type Found, fault, keywordsOf, type SchemaAt, targetOf } from './json-schema-at.ts';
import { allOfIn, atomsOf, childOf, refIn, wholes } from './json-schema-atoms.ts';
import { createCircleSearch } from './json-schema-circular.ts';
import type { Comparison } from './json-schema-comparison.ts';
import { effectiveSchema } from './json-schema-effective.ts';
import { areContradictory } from './json-schema-empty.ts';
import { findKeywordFaults } from './json-schema-keywords.ts';
import { createPostponed } from './json-schema-postponed.ts';
import { isSame } from './json-schema-same.ts';
import {
  splitByBranch,
  splitByCondition,
  splitByType,
  splitByValue,
} from './json-schema-splits.ts';
import { isDescription } from './json-schema-value.ts';
import { keysOfPath } from './path.ts';
import { createPatternMatching } from './pattern-matching.ts';

// Nested branches and conditions multiply: a comparison that needs more work is incompatible. Work is counted in
// schemas compared.
const maxWork = 50_000;
// Looking up a name in a schema takes about a hundredth of comparing one.
const lookupsPerWork = 100;
// Comparisons inside each other. Limits the stack that they take: a verdict must not depend on how much of it is left.
// Beyond the first, the parts of a value are compared later; beyond the second, everything else is incompatible.
const maxDepth = 60;
const maxDepthOfOne = 90;
const proven = Number.POSITIVE_INFINITY;
const maxFaults = 1000;

interface Pair {
  /** How many pairs were being decided before this one; `proven` for compatible pairs. */
  depth: number;
  /** How far inside the value. */
  level: number;
  found: Found;
}

/** @param drafts the draft of each definition */
export function createComparison(drafts: ReadonlyMap<unknown, Draft>) {
  const ids = new WeakMap<object, number>();
  const pairs = new Map<string, Pair>();
  const contradictions = new Map<string, boolean>();
  const resolved = new WeakMap<object, SchemaAt>();
  const postponed = createPostponed();
  const patterns = createPatternMatching();
  const isCircular = createCircleSearch(draftOf);
  let nextId = 0;
  let depth = 0;
  let emptyDepth = 0;
  let level = 0;
  let lowest = proven;
  let work = 0;
  const comparison: Comparison = {
    ...{ compare, compareInside, isEmpty, countLookups, draftOf, resolve },
    matches: patterns.matches,
  };
  return { ...comparison, compareAll };

  /** A document that the definition refers to has the draft that it names, and else that of the definition. */
  function draftOf({ root, path }: SchemaAt): Draft {
    const draft = drafts.get(root) ?? '07';
    const documents = isObject(root) ? root[referencesKeyword] : undefined;
    if (!isObject(documents)) return draft;
    const [keyword, name = ''] = keysOfPath(path);
    return keyword === referencesKeyword ? draftNamedIn(documents[name], draft) : draft;
  }

  /** A reference that leads to itself matches no value: a check of the value does not end. */
  function resolve(at: SchemaAt): SchemaAt {
    const seen = new Set<Keywords>();
    let found: SchemaAt = { ...at, schema: effectiveSchema(at.schema, draftOf(at)) };
    while (isObject(found.schema) && (isOnlyRef(found.schema) || isOnlyPart(found.schema))) {
      const known = resolved.get(found.schema);
      if (known || seen.has(found.schema)) {
        found = known ?? { ...found, schema: false };
        break;
      }
      seen.add(found.schema);
      const target = isOnlyRef(found.schema) ? targetOf(found) : childOf(found, 'allOf', '0');
      found = { ...target, schema: effectiveSchema(target.schema, draftOf(target)) };
    }
    for (const schema of seen) resolved.set(schema, found);
    return found;
  }

  /** `compare` for whole definitions, however deep they are. */
  function compareAll(reader: SchemaAt, writer: SchemaAt): Found {
    const found = postponed.decideAll(
      () => compare(reader, [writer]),
      () => {
        for (const [key, { found }] of pairs) if (found.length === 0) pairs.delete(key);
        contradictions.clear();
      },
    );
    if (!patterns.isBeyond()) return found;
    const message = 'a pattern refers back to a group, or the patterns take too many steps';
    return [fault('TOO_COMPLEX', reader, writer, message)];
  }

  function compareInside(reader: SchemaAt, parts: readonly SchemaAt[]): Found {
    level += 1;
    const found = compare(reader, parts, true);
    level -= 1;
    return found;
  }

  function compare(readerAt: SchemaAt, parts: readonly SchemaAt[], isInside = false): Found {
    const reader = resolve(readerAt);
    if (reader.schema === true) return [];
    const [first = readerAt] = parts;
    if (isTooComplex()) return [tooComplex(reader, first)];
    const atoms = atomsOf(parts, comparison);
    work += 1;
    if (!atoms) return [];
    const place = atoms[0] ?? resolve(first);
    if (reader.schema === false) {
      if (isEmpty(atoms)) return [];
      return [fault('TYPE_NARROWED', reader, place, 'no value is allowed')];
    }
    const key = `${idOf(reader.schema as object)}<${keyOf(atoms)}`;
    const known = pairs.get(key);
    if (known?.depth === proven) return known.found;
    if (known) {
      // A pair that is being decided counts as compatible for the parts of a value, which ends recursion.
      lowest = Math.min(lowest, known.depth);
      if (level > known.level) return [];
      return [fault('CONDITION_CHANGED', reader, place, 'the schema refers to itself')];
    }
    if (depth + emptyDepth >= maxDepth && isInside) {
      return postponed.postpone(key, () => compare(reader, parts));
    }
    if (depth + emptyDepth >= maxDepthOfOne) return [tooDeep(reader, first)];
    const before = lowest;
    lowest = proven;
    depth += 1;
    const pair: Pair = { depth, level, found: [] };
    pairs.set(key, pair);
    const isKept = [...parts, ...atoms].some(
      (part) => isWhole(part) && isSame(reader, part, comparison),
    );
    if (!isKept) work += atoms.length;
    const decided = isKept ? [] : decide(reader, atoms, place);
    if (!isKept && decided.length === 0 && isCircular(reader) && !isEmpty(atoms)) {
      decided.push(fault('CONDITION_CHANGED', reader, place, 'the schema refers to itself'));
    }
    pair.found = decided.slice(0, maxFaults);
    // A verdict that depends on a pair still being decided is not proven yet.
    const dependsOnOther = lowest < depth;
    if (dependsOnOther && pair.found.length === 0) pairs.delete(key);
    else pair.depth = proven;
    lowest = dependsOnOther ? Math.min(before, lowest) : before;
    depth -= 1;
    return pair.found;
  }

  function decide(reader: SchemaAt, atoms: readonly SchemaAt[], place: SchemaAt): Found {
    const direct = [
      ...findKeywordFaults(reader, atoms, place, comparison),
      ...[refIn(reader) ?? [], allOfIn(reader)].flat().flatMap((part) => compare(part, atoms)),
    ];
    if (direct.length === 0 || isEmpty(atoms)) return [];
    const branches = splitByBranch(atoms, comparison) ?? splitByValue(atoms);
    if (branches) {
      const found: Found = [];
      for (const branch of branches) {
        // Beyond the limit of work, each further branch would have the same fault.
        const isLast = isTooComplex();
        found.push(...compare(reader, branch));
        if (isLast || found.length >= maxFaults) break;
      }
      return found.slice(0, maxFaults);
    }
    const kinds =
      splitByCondition(atoms) ?? (isDivided(reader) ? splitByType(atoms, place) : undefined);
    return kinds?.every((kind) => compare(reader, kind).length === 0) ? [] : direct;
  }

  function isEmpty(parts: readonly SchemaAt[]): boolean {
    if (isTooComplex()) return false;
    const atoms = atomsOf(parts, comparison);
    work += 1 + (atoms?.length ?? 0);
    if (!atoms) return true;
    if (atoms.length === 1 && isDescription(atoms[0]?.schema)) return false;
    const key = keyOf(atoms);
    const known = contradictions.get(key);
    if (known !== undefined) return known;
    if (depth + emptyDepth >= maxDepthOfOne) return false;
    // False while it is being decided, which ends recursion.
    contradictions.set(key, false);
    const before = lowest;
    lowest = proven;
    emptyDepth += 1;
    const found = areContradictory(atoms, comparison);
    emptyDepth -= 1;
    if (found && lowest === proven) contradictions.set(key, true);
    else if (found) contradictions.delete(key);
    lowest = Math.min(before, lowest);
    return found;
  }

  function countLookups(lookups: number): void {
    work += lookups / lookupsPerWork;
  }

  function isTooComplex(): boolean {
    return work > maxWork || patterns.isBeyond();
  }

  function tooComplex(reader: SchemaAt, writer: SchemaAt) {
    return fault('TOO_COMPLEX', reader, writer, 'too many combinations of branches and conditions');
  }

  function tooDeep(reader: SchemaAt, writer: SchemaAt) {
    const message = `branches and conditions nest beyond ${maxDepthOfOne} levels`;
    return fault('TOO_COMPLEX', reader, writer, message);
  }

  function keyOf(atoms: readonly SchemaAt[]): string {
    return atoms
      .map(({ schema }) => idOf(schema as object))
      .sort((one, other) => one - other)
      .join();
  }

  function idOf(schema: object): number {
    const id = ids.get(schema) ?? nextId++;
    ids.set(schema, id);
    return id;
  }
}

/** False for an `unevaluated…` without the keywords beside it. */
function isWhole({ schema }: SchemaAt): boolean {
  const whole = isObject(schema) ? wholes.get(schema) : undefined;
  return !whole || whole.schema === schema;
}

function isOnlyRef(schema: Keywords): boolean {
  return '$ref' in schema && Object.keys(schema).length === 1;
}

/** Without this, a chain of such schemas would be as many comparisons inside each other. */
function isOnlyPart({ allOf, ...others }: Keywords): boolean {
  return Array.isArray(allOf) && allOf.length === 1 && Object.keys(others).length === 0;
}

/** Whether the reader's verdict may differ by type. */
function isDivided(reader: SchemaAt): boolean {
  const schema = keywordsOf(reader);
  return ['anyOf', 'oneOf', 'not', 'then', 'else'].some((keyword) => schema[keyword] !== undefined);
}
