import type {
  AvroField,
  AvroSchema,
  EnumSchema,
  FixedSchema,
  NamedSchema,
  RecordSchema,
  UnionSchema,
} from '../avro/schema/model.ts';
import { isPromotable } from '../avro/schema/promotions.ts';
import { faultAt, type ReaderWriterFault } from './check-history.ts';
import { call, flatMapNested, type Nested, runNested } from './nested-calls.ts';
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
  | 'AMBIGUOUS_FIELD';

type Found = readonly ReaderWriterFault[];

/** The place of a comparison. A named type keeps the place where it was found first. */
interface Place {
  /** In the reader schema, relative to the innermost union branch, as Avro reports it. */
  path: Path;
  reader: Path;
  writer: Path;
}

// A type used twice by a type used twice … repeats its faults 2^n times; one is enough for the verdict.
const maxIncompatibilities = 1000;

/**
 * Why some value of the writer schema cannot be read with the reader schema; empty if each can. Gives the
 * results of `SchemaCompatibility.checkReaderWriterCompatibility` of Avro Java 1.11.4, which compares record
 * names without their namespace.
 */
export function findIncompatibilities(reader: AvroSchema, writer: AvroSchema): Found {
  const none: Found = [];
  const remembered = new Map<AvroSchema, Map<AvroSchema, Found>>();
  const root: Place = { path: undefined, reader: undefined, writer: undefined };
  return runNested(compare(reader, writer, root));

  function* compare(reader: AvroSchema, writer: AvroSchema, place: Place): Nested<Found> {
    const byWriter = remembered.get(reader) ?? new Map<AvroSchema, Found>();
    remembered.set(reader, byWriter);
    const known = byWriter.get(writer);
    if (known !== undefined) return known;
    // A pair that is already being decided counts as compatible, which ends recursion.
    byWriter.set(writer, none);
    const all = yield* call(decide(reader, writer, place));
    const found = all.slice(0, maxIncompatibilities);
    byWriter.set(writer, found);
    return found;
  }

  function* decide(reader: AvroSchema, writer: AvroSchema, place: Place): Nested<Found> {
    if (reader.type === 'union' && writer.type === 'union') {
      return yield* call(compareUnions(reader, writer, place));
    }
    if (writer.type === 'union') {
      const compareBranch = (branch: AvroSchema, index: number) =>
        compare(reader, branch, writerBranch(place, index));
      return yield* call(flatMapNested(writer.branches, compareBranch));
    }
    if (reader.type === 'union') {
      for (const [index, branch] of reader.branches.entries()) {
        const found = yield* call(compare(branch, writer, readerBranch(place, index)));
        if (found.length === 0) return none;
      }
      return [missingBranch(writer, place)];
    }
    if (reader.type === 'array' && writer.type === 'array') {
      return yield* call(compare(reader.items, writer.items, inBoth(place, ['items'])));
    }
    if (reader.type === 'map' && writer.type === 'map') {
      return yield* call(compare(reader.values, writer.values, inBoth(place, ['values'])));
    }
    if (reader.type === 'fixed' && writer.type === 'fixed') {
      return [...compareNames(reader, writer, place), ...compareSizes(reader, writer, place)];
    }
    if (reader.type === 'enum' && writer.type === 'enum') {
      return [...compareNames(reader, writer, place), ...compareSymbols(reader, writer, place)];
    }
    if (reader.type === 'record' && writer.type === 'record') {
      const fields = yield* call(compareFields(reader, writer, place));
      return [...compareNames(reader, writer, place), ...fields];
    }
    if (reader.type === writer.type || isPromotable(writer, reader)) return none;
    const message = `reader type: ${typeName(reader)} not compatible with writer type: ${typeName(writer)}`;
    return [incompatibility('TYPE_MISMATCH', place, message)];
  }

  function compareUnions(reader: UnionSchema, writer: UnionSchema, place: Place): Nested<Found> {
    return flatMapNested(writer.branches, function* (branch, index) {
      const branchPlace = writerBranch(place, index);
      const found = yield* call(compare(reader, branch, branchPlace));
      if (found.length === 0) return [];
      // Avro adds the index of the writer's branch to the place.
      return [missingBranch(branch, { ...branchPlace, path: below(place.path, `${index}`) })];
    });
  }

  function compareFields(reader: RecordSchema, writer: RecordSchema, place: Place): Nested<Found> {
    const fieldsByName = new Map(writer.fields?.map((field) => [field.name, field]));
    return flatMapNested(reader.fields ?? [], function* (field, index): Nested<Found> {
      const fieldPlace = inReader(place, ['fields', `${index}`]);
      const sources = writerFields(fieldsByName, field);
      if (sources.length > 1) {
        return [
          incompatibility('AMBIGUOUS_FIELD', fieldPlace, `${field.name} has several sources`),
        ];
      }
      const source = sources[0];
      if (source !== undefined) {
        const writerIndex = `${writer.fields?.indexOf(source)}`;
        const both = {
          ...inReader(fieldPlace, ['type']),
          writer: below(place.writer, 'fields', writerIndex, 'type'),
        };
        return yield* call(compare(field.schema, source.schema, both));
      }
      if (field.defaultValue !== undefined) return none;
      // Avro tries an enum's own default against the whole writer record, which never fits.
      if (field.schema.type === 'enum' && field.schema.defaultSymbol !== undefined) {
        return yield* call(compare(field.schema, writer, inReader(fieldPlace, ['type'])));
      }
      return [incompatibility('READER_FIELD_MISSING_DEFAULT_VALUE', fieldPlace, field.name)];
    });
  }
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

/** The writer fields with the name of a reader field or one of its aliases. */
function writerFields(
  fieldsByName: ReadonlyMap<string, AvroField>,
  field: AvroField,
): readonly AvroField[] {
  return [field.name, ...new Set(field.aliases)].flatMap((name) => fieldsByName.get(name) ?? []);
}

function compareNames(reader: NamedSchema, writer: NamedSchema, place: Place) {
  if (reader.name === writer.name || reader.aliases.includes(writer.fullName)) return [];
  return [
    incompatibility('NAME_MISMATCH', inBoth(place, ['name']), `expected: ${writer.fullName}`),
  ];
}

function compareSizes(reader: FixedSchema, writer: FixedSchema, place: Place) {
  if (reader.size === writer.size) return [];
  const message = `expected: ${writer.size}, found: ${reader.size}`;
  return [incompatibility('FIXED_SIZE_MISMATCH', inBoth(place, ['size']), message)];
}

function compareSymbols(reader: EnumSchema, writer: EnumSchema, place: Place) {
  const known = new Set(reader.symbols);
  const missing = writer.symbols.filter((symbol) => !known.has(symbol)).sort();
  if (missing.length === 0 || reader.defaultSymbol !== undefined) return [];
  const message = `[${missing.join(', ')}]`;
  return [incompatibility('MISSING_ENUM_SYMBOLS', inBoth(place, ['symbols']), message)];
}

function missingBranch(writer: AvroSchema, place: Place) {
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
): ReaderWriterFault {
  return { ...faultAt(type, reader, writer, message), location: `/${keysOfPath(path).join('/')}` };
}
