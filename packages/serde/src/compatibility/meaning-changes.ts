import { appliedLogicalType } from '../avro/applied-logical-type.ts';
import { decimalAttributes } from '../avro/decimal-attributes.ts';
import type { AvroSchema, NamedSchema, RecordSchema, UnionSchema } from '../avro/schema/model.ts';
import { parseAvro } from '../avro/schema/parse-avro.ts';
import { isPromotable } from '../avro/schema/promotions.ts';
import { pointerOf } from '../json/json-pointer.ts';
import {
  type CompatibilityQuestion,
  checkQuestion,
  comparedVersions,
  schemaTextOf,
} from './check-history.ts';
import { workLimits } from './comparison-work.ts';
import { call, type Nested, runNested, runNestedUntil } from './nested-calls.ts';
import { below, keysOfPath, type Path } from './path.ts';

/** A change that no compatibility mode rejects, and after which a stored value means something else. */
export interface MeaningChange {
  type:
    | 'DECIMAL_SCALE_CHANGED'
    | 'DECIMAL_PRECISION_CHANGED'
    | 'TIME_UNIT_CHANGED'
    | 'LOGICAL_TYPE_CHANGED'
    | 'LOGICAL_TYPE_ADDED'
    | 'LOGICAL_TYPE_DROPPED';
  /** JSON pointer to the type in the new schema. */
  newLocation: string;
  /** JSON pointer to the type in the previous schema. */
  previousLocation: string;
  message: string;
  /** Index into `previous`. */
  previous: number;
}

type Typed = Exclude<AvroSchema, UnionSchema>;

/**
 * The places where the logical type of an Avro schema differs from previous versions: a decimal's scale or precision, the
 * unit of a time or timestamp, or the logical type itself. Avro's rules of compatibility ignore logical types, so
 * `checkAvroCompatibility` calls such a version compatible. Compares with the versions that the mode compares with.
 *
 * As in every library, a logical type that its underlying type does not allow counts as none. Names that the specification
 * does not have are compared as text. Of two versions, the first 50 000 pairs of types are compared.
 *
 * @throws TypeError the question is not one
 * @throws InvalidAvroSchemaError a definition is not an Avro schema
 */
export function avroMeaningChanges(question: CompatibilityQuestion): MeaningChange[] {
  checkQuestion(question);
  const versions = comparedVersions(question);
  if (versions.length === 0) return [];
  const proposed = parse(question.newSchema);
  return versions.flatMap((previous) => {
    const existing = parse(question.previous[previous] ?? '');
    return changesBetween(existing, proposed).map((change) => ({ ...change, previous }));
  });
}

function parse(schema: CompatibilityQuestion['newSchema']): AvroSchema {
  const { definition, references } = schemaTextOf(schema);
  return parseAvro(definition, { references });
}

function changesBetween(previous: AvroSchema, next: AvroSchema): Omit<MeaningChange, 'previous'>[] {
  const found: Omit<MeaningChange, 'previous'>[] = [];
  const compared = new Map<AvroSchema, Set<AvroSchema>>();
  const previousPlaces = definitionPaths(previous);
  const nextPlaces = definitionPaths(next);
  let pairs = 0;
  runNestedUntil(compare(previous, next, undefined, undefined), () => pairs > workLimits.pairs);
  return found;

  function* compare(was: AvroSchema, is: AvroSchema, wasAt: Path, isAt: Path): Nested<void> {
    const others = compared.get(was) ?? new Set();
    if (others.has(is)) return;
    compared.set(was, others.add(is));
    pairs += 1;
    if (was.type === 'union' || is.type === 'union') {
      for (const [i, j] of branchPairs(branchesOf(was), branchesOf(is))) {
        const [one, other] = [branchesOf(was)[i] as AvroSchema, branchesOf(is)[j] as AvroSchema];
        const oneAt = was.type === 'union' ? below(wasAt, `${i}`) : wasAt;
        const otherAt = is.type === 'union' ? below(isAt, `${j}`) : isAt;
        yield* call(compare(one, other, oneAt, otherAt));
      }
      return;
    }
    const places = [placeOf(was, previousPlaces, wasAt), placeOf(is, nextPlaces, isAt)] as const;
    if (was.type === is.type || isPromotable(was, is) || isPromotable(is, was)) {
      const change = changeOf(was, is);
      if (change) {
        const [previousLocation, newLocation] = places.map((place) =>
          pointerOf(keysOfPath(place)),
        ) as [string, string];
        found.push({ ...change, newLocation, previousLocation });
      }
    }
    yield* call(compareParts(was, is, ...places));
  }

  function* compareParts(was: Typed, is: Typed, wasAt: Path, isAt: Path): Nested<void> {
    if (was.type === 'array' && is.type === 'array')
      yield* call(compare(was.items, is.items, below(wasAt, 'items'), below(isAt, 'items')));
    if (was.type === 'map' && is.type === 'map')
      yield* call(compare(was.values, is.values, below(wasAt, 'values'), below(isAt, 'values')));
    if (was.type === 'record' && is.type === 'record' && shareName(was, is)) {
      for (const [i, j] of fieldPairs(was, is)) {
        const one = was.fields?.[i]?.schema as AvroSchema;
        const other = is.fields?.[j]?.schema as AvroSchema;
        const oneAt = below(wasAt, 'fields', `${i}`, 'type');
        yield* call(compare(one, other, oneAt, below(isAt, 'fields', `${j}`, 'type')));
      }
    }
  }
}

/** Where each named type is defined: in the order of the text, this is where it is found first. */
function definitionPaths(root: AvroSchema): ReadonlyMap<AvroSchema, Path> {
  const paths = new Map<AvroSchema, Path>();
  runNested(visit(root, undefined));
  return paths;

  function* visit(schema: AvroSchema, path: Path): Nested<void> {
    if ('fullName' in schema) {
      if (paths.has(schema)) return;
      paths.set(schema, path);
    }
    if (schema.type === 'union')
      for (const [i, branch] of schema.branches.entries())
        yield* call(visit(branch, below(path, `${i}`)));
    else if (schema.type === 'array') yield* call(visit(schema.items, below(path, 'items')));
    else if (schema.type === 'map') yield* call(visit(schema.values, below(path, 'values')));
    else if (schema.type === 'record')
      for (const [i, field] of (schema.fields ?? []).entries())
        yield* call(visit(field.schema, below(path, 'fields', `${i}`, 'type')));
  }
}

function placeOf(schema: Typed, definitions: ReadonlyMap<AvroSchema, Path>, path: Path): Path {
  return definitions.has(schema) ? definitions.get(schema) : path;
}

function branchesOf(schema: AvroSchema): readonly AvroSchema[] {
  return schema.type === 'union' ? schema.branches : [schema];
}

/** The branch that a reader takes for each written branch: of the same name and type, or one that it promotes to. */
function branchPairs(was: readonly AvroSchema[], is: readonly AvroSchema[]): [number, number][] {
  return was.flatMap((one, i) => {
    const rules = [
      (other: AvroSchema) => isSameBranch(one, other, sameFullName),
      (other: AvroSchema) => isSameBranch(one, other, shareName),
      (other: AvroSchema) => isPromotable(one, other) || isPromotable(other, one),
    ];
    const j = rules.map((rule) => is.findIndex(rule)).find((index) => index >= 0);
    return j === undefined ? [] : [[i, j] as [number, number]];
  });
}

function isSameBranch(
  one: AvroSchema,
  other: AvroSchema,
  sameName: (one: NamedSchema, other: NamedSchema) => boolean,
): boolean {
  if (one.type !== other.type) return false;
  return !('fullName' in one) || !('fullName' in other) || sameName(one, other);
}

const sameFullName = (one: NamedSchema, other: NamedSchema) => one.fullName === other.fullName;

function shareName(one: NamedSchema, other: NamedSchema): boolean {
  return (
    one.name === other.name ||
    one.aliases.includes(other.fullName) ||
    other.aliases.includes(one.fullName)
  );
}

function fieldPairs(was: RecordSchema, is: RecordSchema): [number, number][] {
  return (is.fields ?? []).flatMap(({ name, aliases }, j) => {
    const fields = was.fields ?? [];
    const rules = [
      (field: (typeof fields)[number]) => field.name === name,
      (field: (typeof fields)[number]) => aliases.includes(field.name),
      (field: (typeof fields)[number]) => field.aliases.includes(name),
    ];
    const i = rules.map((rule) => fields.findIndex(rule)).find((index) => index >= 0);
    return i === undefined ? [] : [[i, j] as [number, number]];
  });
}

function changeOf(was: Typed, is: Typed): Pick<MeaningChange, 'type' | 'message'> | undefined {
  const [before, after] = [logicalTypeOf(was), logicalTypeOf(is)];
  if (before !== after) return logicalTypeChange(was, is, before, after);
  if (before !== 'decimal') return undefined;
  const [old, now] = [decimalAttributes(was), decimalAttributes(is)];
  if (old?.scale !== now?.scale) {
    const message = `the decimal's scale changed from ${old?.scale} to ${now?.scale}: stored bytes mean other numbers`;
    return { type: 'DECIMAL_SCALE_CHANGED', message };
  }
  if (old?.precision === now?.precision) return undefined;
  const message = `the decimal's precision changed from ${old?.precision} to ${now?.precision}: one version's values may have too many digits for the other`;
  return { type: 'DECIMAL_PRECISION_CHANGED', message };
}

function logicalTypeChange(
  was: Typed,
  is: Typed,
  before: string | undefined,
  after: string | undefined,
): Pick<MeaningChange, 'type' | 'message'> {
  if (before === undefined) {
    const message = `${after} was added to what was a plain ${was.type}: stored values now count as ${after}`;
    return { type: 'LOGICAL_TYPE_ADDED', message };
  }
  if (after === undefined) {
    const message = `${before} was dropped and leaves a plain ${is.type}: stored values no longer count as ${before}`;
    return { type: 'LOGICAL_TYPE_DROPPED', message };
  }
  const unit = /-(?:millis|micros|nanos)$/;
  const sameKind = unit.test(before) && before.replace(unit, '') === after.replace(unit, '');
  const message = `${before} changed to ${after}: stored values mean something else`;
  return { type: sameKind ? 'TIME_UNIT_CHANGED' : 'LOGICAL_TYPE_CHANGED', message };
}

const ofSpecification =
  /^(?:date|decimal|duration|uuid|time-(?:millis|micros)|(?:local-)?timestamp-(?:millis|micros|nanos))$/;

/** The name that readers apply; `undefined` where there is none, or where the underlying type does not allow it. */
function logicalTypeOf(schema: Typed): string | undefined {
  const name = schema.properties.get('logicalType');
  if (typeof name !== 'string') return undefined;
  return ofSpecification.test(name) ? appliedLogicalType(schema) : name;
}
