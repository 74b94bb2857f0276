import type {
  AvroField,
  AvroSchema,
  EnumSchema,
  FixedSchema,
  NamedSchema,
  RecordSchema,
  UnionSchema,
} from './avro-schema.ts';
import { InvalidAvroSchemaError } from './avro-schema.ts';

export type IncompatibilityType =
  | 'NAME_MISMATCH'
  | 'FIXED_SIZE_MISMATCH'
  | 'MISSING_ENUM_SYMBOLS'
  | 'READER_FIELD_MISSING_DEFAULT_VALUE'
  | 'TYPE_MISMATCH'
  | 'MISSING_UNION_BRANCH'
  /** A reader field and its aliases name several writer fields; Avro throws instead of answering. */
  | 'AMBIGUOUS_FIELD';

export interface ReaderWriterIncompatibility {
  type: IncompatibilityType;
  /** JSON pointer in the reader schema, as Avro gives it: relative to the innermost union branch. */
  location: string;
  message: string;
}

// A type used twice by a type used twice … repeats its faults 2^n times; the verdict needs one.
const maxIncompatibilities = 1000;
const maxDepth = 1000;

const promotions: Partial<Record<AvroSchema['type'], readonly AvroSchema['type'][]>> = {
  long: ['int'],
  float: ['int', 'long'],
  double: ['int', 'long', 'float'],
  bytes: ['string'],
  string: ['bytes'],
};

/**
 * Whether every value written with the writer schema can be read with the reader schema; empty when
 * it can. The same answers as `SchemaCompatibility.checkReaderWriterCompatibility` of Avro Java
 * 1.11.4, including that record names are compared without their namespace.
 * @throws InvalidAvroSchemaError when the two nest beyond 1000 levels
 */
export function findIncompatibilities(
  reader: AvroSchema,
  writer: AvroSchema,
): readonly ReaderWriterIncompatibility[] {
  type Found = readonly ReaderWriterIncompatibility[];
  const none: Found = [];
  const remembered = new Map<AvroSchema, Map<AvroSchema, Found>>();
  let depth = 0;
  return compare(reader, writer, []);

  function compare(reader: AvroSchema, writer: AvroSchema, path: readonly string[]): Found {
    const byWriter = remembered.get(reader) ?? new Map<AvroSchema, Found>();
    remembered.set(reader, byWriter);
    const known = byWriter.get(writer);
    if (known !== undefined) return known;
    // Met again while it is being decided, a pair counts as compatible: recursion ends here.
    byWriter.set(writer, none);
    depth += 1;
    if (depth > maxDepth) {
      throw new InvalidAvroSchemaError(`Schemas nest beyond ${maxDepth} levels`);
    }
    const found = decide(reader, writer, path).slice(0, maxIncompatibilities);
    depth -= 1;
    byWriter.set(writer, found);
    return found;
  }

  function decide(reader: AvroSchema, writer: AvroSchema, path: readonly string[]): Found {
    if (reader.type === 'union' && writer.type === 'union') {
      return compareUnions(reader, writer, path);
    }
    // Invariant: a branch is compared from the root, as Avro does, so its locations start anew.
    if (writer.type === 'union') {
      return writer.branches.flatMap((branch) => compare(reader, branch, []));
    }
    if (reader.type === 'union') {
      const readable = reader.branches.some((branch) => compare(branch, writer, []).length === 0);
      return readable ? none : [missingBranch(writer, path)];
    }
    if (reader.type === 'array' && writer.type === 'array') {
      return compare(reader.items, writer.items, [...path, 'items']);
    }
    if (reader.type === 'map' && writer.type === 'map') {
      return compare(reader.values, writer.values, [...path, 'values']);
    }
    if (reader.type === 'fixed' && writer.type === 'fixed') {
      return [...compareNames(reader, writer, path), ...compareSizes(reader, writer, path)];
    }
    if (reader.type === 'enum' && writer.type === 'enum') {
      return [...compareNames(reader, writer, path), ...compareSymbols(reader, writer, path)];
    }
    if (reader.type === 'record' && writer.type === 'record') {
      return [...compareNames(reader, writer, path), ...compareFields(reader, writer, path)];
    }
    if (reader.type === writer.type || promotions[reader.type]?.includes(writer.type)) return none;
    const message = `reader type: ${typeName(reader)} not compatible with writer type: ${typeName(writer)}`;
    return [incompatibility('TYPE_MISMATCH', path, message)];
  }

  function compareUnions(reader: UnionSchema, writer: UnionSchema, path: readonly string[]): Found {
    return writer.branches.flatMap((branch, index) =>
      compare(reader, branch, []).length === 0
        ? []
        : [missingBranch(branch, [...path, `${index}`])],
    );
  }

  function compareFields(
    reader: RecordSchema,
    writer: RecordSchema,
    path: readonly string[],
  ): Found {
    const fieldsByName = new Map(writer.fields?.map((field) => [field.name, field]));
    return (reader.fields ?? []).flatMap((field, index) => {
      const fieldPath = [...path, 'fields', `${index}`];
      const sources = writerFields(fieldsByName, field);
      if (sources.length > 1) {
        return [incompatibility('AMBIGUOUS_FIELD', fieldPath, `${field.name} has several sources`)];
      }
      const source = sources[0];
      if (source !== undefined) return compare(field.schema, source.schema, [...fieldPath, 'type']);
      if (field.defaultValue !== undefined) return none;
      // Avro tries an enum's own default against the whole writer record, which never fits.
      if (field.schema.type === 'enum' && field.schema.defaultSymbol !== undefined) {
        return compare(field.schema, writer, [...fieldPath, 'type']);
      }
      return [incompatibility('READER_FIELD_MISSING_DEFAULT_VALUE', fieldPath, field.name)];
    });
  }
}

/** The field of that name and those of its aliases. */
function writerFields(
  fieldsByName: ReadonlyMap<string, AvroField>,
  field: AvroField,
): readonly AvroField[] {
  return [field.name, ...new Set(field.aliases)].flatMap((name) => fieldsByName.get(name) ?? []);
}

function compareNames(reader: NamedSchema, writer: NamedSchema, path: readonly string[]) {
  if (reader.name === writer.name || reader.aliases.includes(writer.fullName)) return [];
  return [incompatibility('NAME_MISMATCH', [...path, 'name'], `expected: ${writer.fullName}`)];
}

function compareSizes(reader: FixedSchema, writer: FixedSchema, path: readonly string[]) {
  if (reader.size === writer.size) return [];
  const message = `expected: ${writer.size}, found: ${reader.size}`;
  return [incompatibility('FIXED_SIZE_MISMATCH', [...path, 'size'], message)];
}

function compareSymbols(reader: EnumSchema, writer: EnumSchema, path: readonly string[]) {
  const known = new Set(reader.symbols);
  const missing = writer.symbols.filter((symbol) => !known.has(symbol)).sort();
  if (missing.length === 0 || reader.defaultSymbol !== undefined) return [];
  const message = `[${missing.join(', ')}]`;
  return [incompatibility('MISSING_ENUM_SYMBOLS', [...path, 'symbols'], message)];
}

function missingBranch(writer: AvroSchema, path: readonly string[]) {
  const message = `reader union lacking writer type: ${typeName(writer)}`;
  return incompatibility('MISSING_UNION_BRANCH', path, message);
}

function typeName(schema: AvroSchema): string {
  return schema.type.toUpperCase();
}

function incompatibility(
  type: IncompatibilityType,
  path: readonly string[],
  message: string,
): ReaderWriterIncompatibility {
  return { type, location: `/${path.join('/')}`, message };
}
