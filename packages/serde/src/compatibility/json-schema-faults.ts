import { isObject } from '../json-schema/each-schema.ts';
import { equalityKey } from '../json-schema/exact-values.ts';
import {
  allowedTypes,
  annotations,
  differsIn,
  type Found,
  fault,
  type Keywords,
  keywordsOf,
  resolveRef,
  type SchemaAt,
} from './json-schema-at.ts';
import { createDisjointness } from './json-schema-disjoint.ts';
import { findLimitFaults } from './json-schema-limits.ts';
import { findArrayFaults, findObjectFaults } from './json-schema-members.ts';
import {
  branchesOf,
  isAnyOf,
  kindsOf,
  oneOfBranches,
  partsOf,
  valuesAsSchemas,
  valuesOf,
  withoutOneOf,
} from './json-schema-parts.ts';

const maxFaults = 1000;
// Nested branches multiply: a comparison that exceeds this limit is incompatible.
const maxComparisons = 50_000;
const proven = Number.POSITIVE_INFINITY;

// For these keywords a comparison of their text cannot tell how the set of valid values changes.
const opaque = [
  'not',
  'if',
  'then',
  'else',
  'contains',
  'minContains',
  'maxContains',
  'dependencies',
  'dependentRequired',
  'dependentSchemas',
  'unevaluatedProperties',
  'unevaluatedItems',
  '$dynamicRef',
  '$recursiveRef',
] as const;

/** Why some value of the writer schema is not valid in the reader schema; empty if each is. */
export function findJsonSchemaFaults(reader: unknown, writer: unknown): Found {
  // The depth of each pair that is being decided; `proven` for compatible pairs.
  const verdicts = new Map<unknown, Map<unknown, number>>();
  let depth = 0;
  let lowest = proven;
  const areDisjoint = createDisjointness(maxComparisons);
  let comparisons = 0;
  // Equal schemas are compatible even where their keywords cannot be compared.
  if (equalityKey(reader) === equalityKey(writer)) return [];
  return compare(
    { schema: reader, root: reader, path: [] },
    { schema: writer, root: writer, path: [] },
  ).slice(0, maxFaults);

  function compare(readerAt: SchemaAt, writerAt: SchemaAt): Found {
    const reader = resolveRef(readerAt);
    const writer = resolveRef(writerAt);
    if (isAnything(reader.schema) || writer.schema === false) return [];
    if (reader.schema === false) {
      return [fault('TYPE_NARROWED', reader, writer, 'no value is allowed')];
    }
    // A pair that is already being decided counts as compatible, which ends recursion.
    const known = verdicts.get(reader.schema) ?? new Map<unknown, number>();
    verdicts.set(reader.schema, known);
    const at = known.get(writer.schema);
    if (at !== undefined) {
      lowest = Math.min(lowest, at);
      return [];
    }
    comparisons += 1;
    if (comparisons > maxComparisons) {
      return [fault('TOO_COMPLEX', reader, writer, `more than ${maxComparisons} comparisons`)];
    }
    const before = lowest;
    lowest = proven;
    depth += 1;
    known.set(writer.schema, depth);
    const found = decide(reader, writer);
    // A verdict that depends on a pair still being decided is not proven yet.
    const dependsOnOther = lowest < depth;
    if (found.length === 0 && !dependsOnOther) known.set(writer.schema, proven);
    else known.delete(writer.schema);
    lowest = dependsOnOther ? Math.min(before, lowest) : before;
    depth -= 1;
    return found;
  }

  function decide(reader: SchemaAt, writer: SchemaAt): Found {
    if (keepsOneOf(reader, writer)) {
      return (withoutOneOf(reader) ?? []).flatMap((rest) => compare(rest, writer));
    }
    const writerUnion = branchesOf(writer);
    if (writerUnion)
      return writerUnion.flatMap((branch) => compare(reader, branch)).slice(0, maxFaults);
    const readerParts = partsOf(reader);
    if (readerParts)
      return readerParts.flatMap((part) => compare(part, writer)).slice(0, maxFaults);
    const readerUnion = branchesOf(reader);
    const writerParts = partsOf(writer);
    if (readerUnion) {
      let overlaps = false;
      for (const branch of readerUnion) {
        if (compare(branch, writer).length > 0) continue;
        if (isAnyOf(reader) || isAlone(branch, readerUnion, writer)) return [];
        overlaps = true;
      }
      // No branch accepts every value; there may be one for each type or listed value.
      const kinds = kindsOf(writer);
      if (kinds?.every((kind) => compare(reader, kind).length === 0)) return [];
      // Or one of the writer's parts may be this `oneOf`, unchanged.
      const keeps = (part: SchemaAt) => keepsOneOf(reader, resolveRef(part));
      if (writerParts?.some((part) => keeps(part) && compare(reader, part).length === 0)) return [];
      if (!overlaps) {
        return [fault('UNION_NARROWED', reader, writer, 'no branch accepts what was allowed')];
      }
      const message = 'a value that was allowed may match more than one branch';
      return [fault('CONDITION_CHANGED', reader, writer, message, 'oneOf')];
    }
    if (writerParts) {
      // A value matches every part, so it is enough that the reader accepts one.
      const faults = writerParts.map((part) => compare(reader, part));
      if (faults.some((found) => found.length === 0)) return [];
      return faults[0] ?? [];
    }
    return compareKeywords(reader, writer);
  }

  /** Whether a value of the writer that matches this branch of a `oneOf` matches no other branch. */
  function isAlone(branch: SchemaAt, union: readonly SchemaAt[], writer: SchemaAt): boolean {
    return union.every(
      (other) => other === branch || areDisjoint(other, branch) || areDisjoint(other, writer),
    );
  }

  /** Whether a value that matches exactly one branch of the writer's `oneOf` matches exactly one of the reader's. */
  function keepsOneOf(reader: SchemaAt, writer: SchemaAt): boolean {
    const [wanted, given] = [oneOfBranches(reader), oneOfBranches(writer)];
    if (!wanted || wanted.length !== given?.length) return false;
    const isExclusive = wanted.every((branch) => isAlone(branch, wanted, branch));
    // Branches without overlap may differ: they are compared one by one.
    if (isExclusive) return false;
    return wanted.every((branch, index) => {
      const before = given[index] as SchemaAt;
      return compare(branch, before).length === 0 && compare(before, branch).length === 0;
    });
  }

  function compareKeywords(reader: SchemaAt, writer: SchemaAt): Found {
    const wanted = keywordsOf(reader);
    const given = keywordsOf(writer);
    const values = valuesAsSchemas(writer);
    if (values) {
      // The reader's other keywords are compared with each value.
      const rest = { ...reader, schema: withoutValues(wanted) };
      return [
        ...findValueFaults(reader, writer),
        ...values.flatMap((value) => compare(rest, value)),
      ].slice(0, maxFaults);
    }
    const types = allowedTypes(given);
    const found = [
      ...findTypeFaults(reader, writer, types),
      ...findValueFaults(reader, writer),
      ...findLimitFaults(reader, writer, types),
      ...findOpaqueFaults(reader, writer),
    ];
    if (types.has('object')) found.push(...findObjectFaults(reader, writer, compare));
    if (types.has('array')) found.push(...findArrayFaults(reader, writer, compare));
    return found;
  }
}

function findTypeFaults(reader: SchemaAt, writer: SchemaAt, types: ReadonlySet<string>): Found {
  const allowed = allowedTypes(keywordsOf(reader));
  const missing = [...types].filter(
    (type) => !allowed.has(type) && !(type === 'integer' && allowed.has('number')),
  );
  if (missing.length === 0) return [];
  return [
    fault('TYPE_NARROWED', reader, writer, `${missing.join(', ')} no longer allowed`, 'type'),
  ];
}

function findValueFaults(reader: SchemaAt, writer: SchemaAt): Found {
  const wanted = valuesOf(keywordsOf(reader));
  if (!wanted) return [];
  const given = valuesOf(keywordsOf(writer));
  const keyword = 'const' in keywordsOf(reader) ? 'const' : 'enum';
  if (!given) return [fault('ENUM_ADDED', reader, writer, 'any value was allowed before', keyword)];
  const known = keysOf(wanted);
  const missing = given.filter((value) => !known.has(equalityKey(value)));
  if (missing.length === 0) return [];
  const message = `${missing.map(equalityKey).join(', ')} no longer allowed`;
  return [fault('ENUM_NARROWED', reader, writer, message, keyword)];
}

const keys = new WeakMap<readonly unknown[], ReadonlySet<string>>();

// Cached, because a list is compared with each value of the writer's list.
function keysOf(values: readonly unknown[]): ReadonlySet<string> {
  const known = keys.get(values) ?? new Set(values.map(equalityKey));
  keys.set(values, known);
  return known;
}

function findOpaqueFaults(reader: SchemaAt, writer: SchemaAt): Found {
  return opaque
    .filter((keyword) => differsIn(keyword, reader, writer))
    .map((keyword) => fault('CONDITION_CHANGED', reader, writer, `${keyword} differs`, keyword));
}

function isAnything(schema: unknown): boolean {
  if (schema === true) return true;
  return isObject(schema) && Object.keys(schema).every((key) => annotations.has(key));
}

function withoutValues({ enum: _values, const: _value, ...rest }: Keywords): Keywords {
  return rest;
}
