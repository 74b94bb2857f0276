import { pointerOf } from '../json/json-pointer.ts';
import { type Draft, draftNamedIn } from '../json-schema/drafts.ts';
import { isObject, type Keywords } from '../json-schema/each-schema.ts';
import { invalidAt } from '../json-schema/invalid-at.ts';
import { referencesKeyword } from '../json-schema/join-references.ts';
import { type Found, fault, keywordsOf, type SchemaAt, targetOf } from './json-schema-at.ts';
import { allOfIn, atomsOf, refIn, wholes } from './json-schema-atoms.ts';
import type { Comparison } from './json-schema-comparison.ts';
import { effectiveSchema } from './json-schema-effective.ts';
import { areContradictory } from './json-schema-empty.ts';
import { findKeywordFaults } from './json-schema-keywords.ts';
import { isSame } from './json-schema-same.ts';
import {
  splitByBranch,
  splitByCondition,
  splitByType,
  splitByValue,
} from './json-schema-splits.ts';

// Nested branches and conditions multiply: a comparison that needs more work is incompatible. Work is counted in
// schemas compared.
const maxWork = 50_000;
const proven = Number.POSITIVE_INFINITY;
const maxFaults = 1000;
const maxRefs = 100;

interface Pair {
  /** How many pairs were being decided before this one; `proven` for compatible pairs. */
  depth: number;
  /** How far inside the value. */
  level: number;
  found: Found;
}

/** @param drafts the draft of each definition */
export function createComparison(drafts: ReadonlyMap<unknown, Draft>): Comparison {
  const ids = new WeakMap<object, number>();
  const pairs = new Map<string, Pair>();
  const contradictions = new Map<string, boolean>();
  let nextId = 0;
  let depth = 0;
  let level = 0;
  let lowest = proven;
  let work = 0;
  const comparison: Comparison = { compare, compareInside, isEmpty, draftOf, resolve };
  return comparison;

  /** A document that the definition refers to has the draft that it names, and else that of the definition. */
  function draftOf({ root, path: [keyword, name = ''] }: SchemaAt): Draft {
    const draft = drafts.get(root) ?? '07';
    if (keyword !== referencesKeyword) return draft;
    const documents = (root as Keywords)[referencesKeyword];
    return draftNamedIn(isObject(documents) ? documents[name] : undefined, draft);
  }

  function resolve(at: SchemaAt): SchemaAt {
    let found = { ...at, schema: effectiveSchema(at.schema, draftOf(at)) };
    for (let count = 0; count < maxRefs; count += 1) {
      const { schema } = found;
      if (!isObject(schema) || Object.keys(schema).join() !== '$ref') return found;
      const target = targetOf(found);
      found = { ...target, schema: effectiveSchema(target.schema, draftOf(target)) };
    }
    throw invalidAt(pointerOf(at.path), '$ref is circular');
  }

  function compareInside(reader: SchemaAt, parts: readonly SchemaAt[]): Found {
    level += 1;
    const found = compare(reader, parts);
    level -= 1;
    return found;
  }

  function compare(readerAt: SchemaAt, parts: readonly SchemaAt[]): Found {
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
    const before = lowest;
    lowest = proven;
    depth += 1;
    const pair: Pair = { depth, level, found: [] };
    pairs.set(key, pair);
    const isKept = [...parts, ...atoms].some(
      (part) => isWhole(part) && isSame(reader, part, comparison),
    );
    if (!isKept) work += atoms.length;
    pair.found = (isKept ? [] : decide(reader, atoms, place)).slice(0, maxFaults);
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
    const branches = splitByBranch(atoms) ?? splitByValue(atoms);
    if (branches) return branches.flatMap((branch) => compare(reader, branch)).slice(0, maxFaults);
    const kinds =
      splitByCondition(atoms) ?? (isDivided(reader) ? splitByType(atoms, place) : undefined);
    return kinds?.every((kind) => compare(reader, kind).length === 0) ? [] : direct;
  }

  function isEmpty(parts: readonly SchemaAt[]): boolean {
    if (isTooComplex()) return false;
    const atoms = atomsOf(parts, comparison);
    work += 1 + (atoms?.length ?? 0);
    if (!atoms) return true;
    const key = keyOf(atoms);
    const known = contradictions.get(key);
    if (known !== undefined) return known;
    // False while it is being decided, which ends recursion.
    contradictions.set(key, false);
    const before = lowest;
    lowest = proven;
    const found = areContradictory(atoms, comparison);
    if (found && lowest === proven) contradictions.set(key, true);
    else if (found) contradictions.delete(key);
    lowest = Math.min(before, lowest);
    return found;
  }

  function isTooComplex(): boolean {
    return work > maxWork;
  }

  function tooComplex(reader: SchemaAt, writer: SchemaAt) {
    return fault('TOO_COMPLEX', reader, writer, 'too many combinations of branches and conditions');
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

/** Whether the reader's verdict may differ by type. */
function isDivided(reader: SchemaAt): boolean {
  const schema = keywordsOf(reader);
  return ['anyOf', 'oneOf', 'not', 'then', 'else'].some((keyword) => schema[keyword] !== undefined);
}
