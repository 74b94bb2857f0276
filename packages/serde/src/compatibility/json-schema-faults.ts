import { equalityKey } from '../json-schema/exact-values.ts';
import {
  allowedTypes,
  annotations,
  type Keywords,
  placesOfParts,
  resolveRef,
  type SchemaAt,
} from './json-schema-at.ts';
import { type Found, fault } from './json-schema-fault.ts';
import { findLimitFaults } from './json-schema-limits.ts';
import { findArrayFaults, findObjectFaults } from './json-schema-members.ts';
import { schemaOfValue } from './json-schema-value.ts';

const maxFaults = 1000;
// Branches of branches multiply: what takes longer to compare than this is not compared to its end.
const maxComparisons = 50_000;
const proven = Number.POSITIVE_INFINITY;

// What a difference of these does to the values cannot be told from their text.
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

/** Whether every value of the writer's schema is one of the reader's; empty when it is. */
export function findJsonSchemaFaults(reader: unknown, writer: unknown): Found {
  // Of each pair that is being decided how deep it is; `proven` of those that are compatible.
  const verdicts = new Map<unknown, Map<unknown, number>>();
  let depth = 0;
  let lowest = proven;
  const split = new Map<unknown, Map<unknown, SchemaAt[] | undefined>>();
  let comparisons = 0;
  return compare(
    { schema: reader, root: reader, path: [] },
    { schema: writer, root: writer, path: [] },
  ).slice(0, maxFaults);

  function compare(readerAt: SchemaAt, writerAt: SchemaAt): Found {
    const reader = resolveRef(readerAt);
    const writer = resolveRef(writerAt);
    if (isAnything(reader.schema) || writer.schema === false) return [];
    if (reader.schema === false) {
      return [fault('TYPE_NARROWED', reader, writer, 'nothing is allowed any more')];
    }
    // Met again while it is being decided, a pair counts as compatible: recursion ends here.
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
    // What rests on a pair that is still being decided is not proven yet.
    const restsOnOther = lowest < depth;
    if (found.length === 0 && !restsOnOther) known.set(writer.schema, proven);
    else known.delete(writer.schema);
    lowest = restsOnOther ? Math.min(before, lowest) : before;
    depth -= 1;
    return found;
  }

  function decide(reader: SchemaAt, writer: SchemaAt): Found {
    const writerUnion = once(writer, branchesOf);
    if (writerUnion)
      return writerUnion.flatMap((branch) => compare(reader, branch)).slice(0, maxFaults);
    const readerParts = once(reader, partsOf);
    if (readerParts)
      return readerParts.flatMap((part) => compare(part, writer)).slice(0, maxFaults);
    const readerUnion = once(reader, branchesOf);
    if (readerUnion) {
      if (readerUnion.some((branch) => compare(branch, writer).length === 0)) return [];
      // No branch takes all of it; perhaps there is one for each of its types or values.
      const kinds = once(writer, kindsOf);
      if (kinds?.every((kind) => compare(reader, kind).length === 0)) return [];
      return [fault('UNION_NARROWED', reader, writer, 'no branch takes what was allowed')];
    }
    const writerParts = once(writer, partsOf);
    if (writerParts) {
      // A value is of every part: it is enough that one of them is taken.
      const faults = writerParts.map((part) => compare(reader, part));
      if (faults.some((found) => found.length === 0)) return [];
      return faults[0] ?? [];
    }
    return compareKeywords(reader, writer);
  }

  // Invariant: a part that is made here is made once, for pairs underway are told by identity.
  function once(
    at: SchemaAt,
    make: (at: SchemaAt) => SchemaAt[] | undefined,
  ): readonly SchemaAt[] | undefined {
    if (typeof at.schema !== 'object') return undefined;
    const made = split.get(make) ?? new Map<unknown, SchemaAt[] | undefined>();
    split.set(make, made);
    if (!made.has(at.schema)) made.set(at.schema, make(at));
    return made.get(at.schema);
  }

  function compareKeywords(reader: SchemaAt, writer: SchemaAt): Found {
    const wanted = reader.schema as Keywords;
    const given = (writer.schema === true ? {} : writer.schema) as Keywords;
    const values = once(writer, valuesAsSchemas);
    if (values) {
      // What the reader says besides its own list holds or not for each value.
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
  const allowed = allowedTypes(reader.schema as Keywords);
  const missing = [...types].filter(
    (type) => !allowed.has(type) && !(type === 'integer' && allowed.has('number')),
  );
  if (missing.length === 0) return [];
  return [
    fault('TYPE_NARROWED', reader, writer, `${missing.join(', ')} not allowed any more`, 'type'),
  ];
}

function findValueFaults(reader: SchemaAt, writer: SchemaAt): Found {
  const wanted = valuesOf(reader.schema as Keywords);
  if (!wanted) return [];
  const given = valuesOf((writer.schema === true ? {} : writer.schema) as Keywords);
  const keyword = 'const' in (reader.schema as Keywords) ? 'const' : 'enum';
  if (!given) return [fault('ENUM_ADDED', reader, writer, 'was any value before', keyword)];
  const known = keysOf(wanted);
  const missing = given.filter((value) => !known.has(equalityKey(value)));
  if (missing.length === 0) return [];
  const message = `${missing.map(equalityKey).join(', ')} not allowed any more`;
  return [fault('ENUM_NARROWED', reader, writer, message, keyword)];
}

const keys = new WeakMap<readonly unknown[], ReadonlySet<string>>();

// A list is compared with each value that a writer's list has: its keys are made once.
function keysOf(values: readonly unknown[]): ReadonlySet<string> {
  const known = keys.get(values) ?? new Set(values.map(equalityKey));
  keys.set(values, known);
  return known;
}

function findOpaqueFaults(reader: SchemaAt, writer: SchemaAt): Found {
  const wanted = reader.schema as Keywords;
  const given = (writer.schema === true ? {} : writer.schema) as Keywords;
  return opaque
    .filter(
      (keyword) =>
        wanted[keyword] !== undefined &&
        (given[keyword] === undefined ||
          equalityKey(wanted[keyword]) !== equalityKey(given[keyword])),
    )
    .map((keyword) => fault('CONDITION_CHANGED', reader, writer, `${keyword} differs`, keyword));
}

/** Of a schema that is one of several: each of them together with what else the schema says. */
function branchesOf({ schema, root, path }: SchemaAt): SchemaAt[] | undefined {
  if (typeof schema !== 'object' || schema === null) return undefined;
  const keyword = 'anyOf' in schema ? 'anyOf' : 'oneOf' in schema ? 'oneOf' : undefined;
  if (!keyword) return undefined;
  const { [keyword]: branches, ...rest } = schema as Keywords;
  if (!Array.isArray(branches)) return undefined;
  const hasRest = Object.keys(rest).some((key) => !annotations.has(key));
  return branches.map((branch, index) => {
    const place = [...path, keyword, String(index)];
    if (!hasRest) return { schema: branch, root, path: place };
    const whole = { allOf: [rest, branch] };
    placesOfParts.set(whole, [path, place]);
    return { schema: whole, root, path: place };
  });
}

/** Of a schema that is all of several: each of them, and what else the schema says. */
function partsOf({ schema, root, path }: SchemaAt): SchemaAt[] | undefined {
  if (typeof schema !== 'object' || schema === null || !('allOf' in schema)) return undefined;
  const { allOf, ...rest } = schema as Keywords;
  if (!Array.isArray(allOf)) return undefined;
  const places = placesOfParts.get(schema);
  const parts = allOf.map((part, index) => ({
    schema: part,
    root,
    path: places?.[index] ?? [...path, 'allOf', String(index)],
  }));
  const hasRest = Object.keys(rest).some((key) => !annotations.has(key));
  return hasRest ? [{ schema: rest, root, path }, ...parts] : parts;
}

/** Of a schema with several types or values: the same with one of them each. */
function kindsOf({ schema, root, path }: SchemaAt): SchemaAt[] | undefined {
  const { type, enum: values } = schema as Keywords;
  if (Array.isArray(type) && type.length > 1) {
    return type.map((one) => ({ schema: { ...(schema as Keywords), type: one }, root, path }));
  }
  if (!Array.isArray(values) || values.length < 2) return undefined;
  return values.map((value) => ({ schema: { enum: [value] }, root, path }));
}

function isAnything(schema: unknown): boolean {
  if (schema === true) return true;
  return (
    typeof schema === 'object' &&
    schema !== null &&
    Object.keys(schema).every((key) => annotations.has(key))
  );
}

function valuesOf(schema: Keywords): readonly unknown[] | undefined {
  if ('const' in schema) return [schema.const];
  return Array.isArray(schema.enum) ? schema.enum : undefined;
}

/** Only those that the schema's own types let through. */
function valuesAsSchemas({ schema, root, path }: SchemaAt): SchemaAt[] | undefined {
  if (schema === true) return undefined;
  const values = valuesOf(schema as Keywords);
  const types = allowedTypes(schema as Keywords);
  return values
    ?.map(schemaOfValue)
    .filter(({ type }) => types.has(type as string) || (type === 'integer' && types.has('number')))
    .map((described) => ({ schema: described, root, path }));
}

function withoutValues({ enum: _values, const: _value, ...rest }: Keywords): Keywords {
  return rest;
}
