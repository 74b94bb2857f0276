import type {
  AvroSchema,
  EnumSchema,
  FixedSchema,
  NamedSchema,
  RecordSchema,
  UnionSchema,
} from '../avro/schema/model.ts';
import { isPromotable } from '../avro/schema/promotions.ts';
import { createUnionIndex } from './avro-union-index.ts';
import { beyondInWords, type ComparisonWork, isBeyond, workLimits } from './comparison-work.ts';
import type { Fault } from './fault.ts';
import { type FaultTree, firstFaults, joinFaults } from './fault-tree.ts';
import { call, type Nested, runNestedUntil } from './nested-calls.ts';
import { below, keysOfPath, type Path } from './path.ts';

/** Kinds of reasons why data of the writer schema cannot be read with the reader schema. */
export type IncompatibilityType =
  | 'NAME_MISMATCH'
  | 'FIXED_SIZE_MISMATCH'
  | 'MISSING_ENUM_SYMBOLS'
  | 'READER_FIELD_MISSING_DEFAULT_VALUE'
  | 'TYPE_MISMATCH'
  | 'MISSING_UNION_BRANCH'
  /** A reader field and its aliases name several writer fields. Avro throws instead of reporting it. */
  | 'AMBIGUOUS_FIELD'
  /** The comparison takes more work than the limits allow. Avro has no limits. */
  | 'TOO_COMPLEX';

/** The place of a comparison. A named type keeps the place where it was found first. */
interface Place {
  /** In the reader schema, relative to the innermost union branch, as Avro reports it. */
  path: Path;
  reader: Path;
  writer: Path;
}

const maxIncompatibilities = 1000;
const root: Place = { path: undefined, reader: undefined, writer: undefined };

/**
 * Why some value of the writer schema cannot be read with the reader schema, at most 1000 faults; empty if each can. Gives
 * the results of `SchemaCompatibility.checkReaderWriterCompatibility` of Avro Java 1.11.4, which compares record names
 * without their namespace. A comparison beyond the limits has the fault TOO_COMPLEX alone.
 *
 * As Avro does, it tries all branches of a reader's union in turn, and remembers what it finds in each. If that takes more
 * than a fifth of the limits, it begins again and tries those alone whose names fit. In recursive types the faults can then
 * differ from Avro's, which takes a pair in progress for compatible.
 *
 * @param work is set to what the last attempt takes
 */
export function findIncompatibilities(
  reader: AvroSchema,
  writer: AvroSchema,
  limits: Readonly<ComparisonWork> = workLimits,
  work: ComparisonWork = { pairs: 0, steps: 0 },
): readonly Fault[] {
  const fifth = { pairs: limits.pairs / 5, steps: limits.steps / 5 };
  for (const [most, branchesFor] of [
    [fifth, allBranches],
    [limits, createUnionIndex()],
  ] as const) {
    Object.assign(work, { pairs: 0, steps: 0 });
    const isOver = () => isBeyond(most, work);
    const found = compareTypes(reader, writer, work, isOver, branchesFor);
    if (!isOver()) return firstFaults(found, maxIncompatibilities);
  }
  return [incompatibility('TOO_COMPLEX', root, beyondInWords(limits))];
}

function allBranches({ branches }: UnionSchema): Iterable<number> {
  return branches.keys();
}

/**
 * @param work is counted up
 * @param isOver ends the comparison without a result
 * @param branchesFor the indexes of the branches of a reader's union that are tried for a writer
 */
function compareTypes(
  reader: AvroSchema,
  writer: AvroSchema,
  work: ComparisonWork,
  isOver: () => boolean,
  branchesFor: (reader: UnionSchema, writer: AvroSchema) => Iterable<number>,
): FaultTree {
  const remembered = new Map<AvroSchema, Map<AvroSchema, FaultTree>>();
  const fieldIndexes = new Map<RecordSchema, ReadonlyMap<string, number>>();
  const symbolSets = new Map<EnumSchema, ReadonlySet<string>>();
  return runNestedUntil(compare(reader, writer, root), isOver);

  function* compare(reader: AvroSchema, writer: AvroSchema, place: Place): Nested<FaultTree> {
    work.steps += 1;
    if (!isShared(reader, writer)) return yield* call(decide(reader, writer, place));
    const byWriter = remembered.get(reader) ?? new Map<AvroSchema, FaultTree>();
    remembered.set(reader, byWriter);
    if (byWriter.has(writer)) return byWriter.get(writer);
    work.pairs += 1;
    // A pair that is already being decided counts as compatible, which ends recursion.
    byWriter.set(writer, undefined);
    const found = yield* call(decide(reader, writer, place));
    byWriter.set(writer, found);
    return found;
  }

  function* decide(reader: AvroSchema, writer: AvroSchema, place: Place): Nested<FaultTree> {
    if (reader.type === 'union' && writer.type === 'union') {
      return yield* call(compareUnions(reader, writer, place));
    }
    if (writer.type === 'union') {
      const all: FaultTree[] = [];
      for (const [index, branch] of writer.branches.entries()) {
        all.push(yield* call(compare(reader, branch, writerBranch(place, index))));
      }
      return joinFaults(all);
    }
    if (reader.type === 'union') {
      for (const index of branchesFor(reader, writer)) {
        const branch = reader.branches[index] as AvroSchema;
        const found = yield* call(compare(branch, writer, readerBranch(place, index)));
        if (found === undefined) return undefined;
      }
      return missingBranch(writer, place);
    }
    if (reader.type === 'array' && writer.type === 'array') {
      return yield* call(compare(reader.items, writer.items, inBoth(place, ['items'])));
    }
    if (reader.type === 'map' && writer.type === 'map') {
      return yield* call(compare(reader.values, writer.values, inBoth(place, ['values'])));
    }
    if (reader.type === 'fixed' && writer.type === 'fixed') {
      return joinFaults([compareNames(reader, writer, place), compareSizes(reader, writer, place)]);
    }
    if (reader.type === 'enum' && writer.type === 'enum') {
      return joinFaults([
        compareNames(reader, writer, place),
        compareSymbols(reader, writer, place),
      ]);
    }
    if (reader.type === 'record' && writer.type === 'record') {
      const fields = yield* call(compareFields(reader, writer, place));
      return joinFaults([compareNames(reader, writer, place), fields]);
    }
    if (reader.type === writer.type || isPromotable(writer, reader)) return undefined;
    const message = `reader type: ${typeName(reader)} not compatible with writer type: ${typeName(writer)}`;
    return incompatibility('TYPE_MISMATCH', place, message);
  }

  function* compareUnions(
    reader: UnionSchema,
    writer: UnionSchema,
    place: Place,
  ): Nested<FaultTree> {
    const all: FaultTree[] = [];
    for (const [index, branch] of writer.branches.entries()) {
      const branchPlace = writerBranch(place, index);
      const found = yield* call(compare(reader, branch, branchPlace));
      if (found === undefined) continue;
      // Avro adds the index of the writer's branch to the place.
      all.push(missingBranch(branch, { ...branchPlace, path: below(place.path, `${index}`) }));
    }
    return joinFaults(all);
  }

  function* compareFields(
    reader: RecordSchema,
    writer: RecordSchema,
    place: Place,
  ): Nested<FaultTree> {
    const all: FaultTree[] = [];
    for (const index of (reader.fields ?? []).keys()) {
      all.push(yield* call(compareField(reader, index, writer, place)));
    }
    return joinFaults(all);
  }

  function* compareField(
    reader: RecordSchema,
    index: number,
    writer: RecordSchema,
    place: Place,
  ): Nested<FaultTree> {
    const field = reader.fields?.[index];
    if (field === undefined) return undefined;
    const fieldPlace = inReader(place, ['fields', `${index}`]);
    const indexes = fieldIndexesOf(writer);
    const names = [field.name, ...new Set(field.aliases)];
    work.steps += names.length;
    const sources = names.flatMap((name) => indexes.get(name) ?? []);
    if (sources.length > 1) {
      return incompatibility('AMBIGUOUS_FIELD', fieldPlace, `${field.name} has several sources`);
    }
    const [sourceIndex = -1] = sources;
    const source = writer.fields?.[sourceIndex];
    if (source !== undefined) {
      const both = {
        ...inReader(fieldPlace, ['type']),
        writer: below(place.writer, 'fields', `${sourceIndex}`, 'type'),
      };
      return yield* call(compare(field.schema, source.schema, both));
    }
    if (field.defaultValue !== undefined) return undefined;
    // Avro tries an enum's own default against the whole writer record, which never fits.
    if (field.schema.type === 'enum' && field.schema.defaultSymbol !== undefined) {
      return yield* call(compare(field.schema, writer, inReader(fieldPlace, ['type'])));
    }
    return incompatibility('READER_FIELD_MISSING_DEFAULT_VALUE', fieldPlace, field.name);
  }

  function fieldIndexesOf(record: RecordSchema): ReadonlyMap<string, number> {
    const known =
      fieldIndexes.get(record) ?? new Map(record.fields?.map(({ name }, index) => [name, index]));
    fieldIndexes.set(record, known);
    return known;
  }

  function compareSymbols(reader: EnumSchema, writer: EnumSchema, place: Place): FaultTree {
    if (reader.defaultSymbol !== undefined) return undefined;
    work.steps += writer.symbols.length;
    const known = symbolSets.get(reader) ?? new Set(reader.symbols);
    symbolSets.set(reader, known);
    const missing = writer.symbols.filter((symbol) => !known.has(symbol)).sort();
    if (missing.length === 0) return undefined;
    const symbols = inBoth(place, ['symbols']);
    return incompatibility('MISSING_ENUM_SYMBOLS', symbols, `[${missing.join(', ')}]`);
  }
}

/** False for pairs that no other place of the schemas can lead to: they need not be remembered. */
function isShared(reader: AvroSchema, writer: AvroSchema): boolean {
  return 'fullName' in reader || 'fullName' in writer || (isNesting(reader) && isNesting(writer));
}

function isNesting({ type }: AvroSchema): boolean {
  return type === 'union' || type === 'array' || type === 'map';
}

function inBoth({ path, reader, writer }: Place, keys: readonly string[]): Place {
  return {
    path: below(path, ...keys),
    reader: below(reader, ...keys),
    writer: below(writer, ...keys),
  };
}

function inReader({ path, reader, writer }: Place, keys: readonly string[]): Place {
  return { path: below(path, ...keys), reader: below(reader, ...keys), writer };
}

// Invariant: as in Avro, locations inside a branch are relative to the branch.
function writerBranch({ reader, writer }: Place, index: number): Place {
  return { path: undefined, reader, writer: below(writer, `${index}`) };
}

function readerBranch({ reader, writer }: Place, index: number): Place {
  return { path: undefined, reader: below(reader, `${index}`), writer };
}

function compareNames(reader: NamedSchema, writer: NamedSchema, place: Place): FaultTree {
  if (reader.name === writer.name || reader.aliases.includes(writer.fullName)) return undefined;
  return incompatibility('NAME_MISMATCH', inBoth(place, ['name']), `expected: ${writer.fullName}`);
}

function compareSizes(reader: FixedSchema, writer: FixedSchema, place: Place): FaultTree {
  if (reader.size === writer.size) return undefined;
  const message = `expected: ${writer.size}, found: ${reader.size}`;
  return incompatibility('FIXED_SIZE_MISMATCH', inBoth(place, ['size']), message);
}

function missingBranch(writer: AvroSchema, place: Place): Fault {
  const message = `reader union lacking writer type: ${typeName(writer)}`;
  return incompatibility('MISSING_UNION_BRANCH', place, message);
}

function typeName(schema: AvroSchema): string {
  return schema.type.toUpperCase();
}

function incompatibility(
  type: IncompatibilityType,
  { path, reader, writer }: Place,
  message: string,
): Fault {
  return { type, reader, writer, message, location: () => `/${keysOfPath(path).join('/')}` };
}
