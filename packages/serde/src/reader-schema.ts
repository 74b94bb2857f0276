import { compileCodec, type SchemaFormat } from './codec.ts';
import { InvalidSchemaError, ReaderSchemaMismatchError } from './errors.ts';
import { aDataFormat, checkOptions, isPlainObject, type OptionShape } from './option-checks.ts';
import type {
  DataFormat,
  RegisteredSchema,
  SchemaRegistry,
  SchemaText,
} from './registry/schema-registry.ts';
import { someReferences } from './schema-shapes.ts';
import { isTyped, type TypedSchema } from './typed-schema.ts';

/**
 * A reader schema: the text of a definition, a definition with its references, or a version of a registry. `dataFormat` is
 * by default that of the writer schema.
 */
export type ReaderSchema =
  | string
  | (SchemaText & { readonly dataFormat?: DataFormat })
  | TypedSchema<unknown, never>;

/**
 * Chooses the reader schema of a writer schema, which is read as written if the answer is `undefined`. A text has the
 * references of the writer schema.
 */
export type ReaderSchemaChoice = (
  writer: RegisteredSchema,
) => ReaderSchema | undefined | Promise<ReaderSchema | undefined>;

/**
 * A function that returns the reader schema of each writer schema.
 *
 * @throws InvalidSchemaError the one reader schema of all records cannot be compiled
 */
export function readerSchemas(
  chosen: ReaderSchema | ReaderSchemaChoice | undefined,
  formats: readonly SchemaFormat[],
  { framing }: SchemaRegistry,
): (writer: RegisteredSchema) => Promise<RegisteredSchema | undefined> {
  if (chosen === undefined) return async () => undefined;
  if (typeof chosen === 'function') {
    return async (writer) => {
      const answer = await chosen(writer);
      return answer === undefined ? undefined : readerOf(answer, writer);
    };
  }
  const hasAvro = formats.some(({ dataFormat }) => dataFormat === 'AVRO');
  const dataFormat = hasAvro ? 'AVRO' : (formats[0]?.dataFormat ?? 'AVRO');
  const reader = registered(
    typeof chosen === 'string' ? { definition: chosen } : chosen,
    dataFormat,
  );
  const { definition: readerDefinition, references: readerReferences } = reader;
  // An error of the program, not of a record, must show at once.
  const readerFormats = formatsFor(reader, formats);
  compileCodec(reader, readerFormats, { framing, readerDefinition, readerReferences });
  return async (writer) => {
    if (writer.dataFormat === reader.dataFormat) return reader;
    // Read as written, the value would not have the type.
    if (isTyped(reader)) throw mismatch(writer, reader);
    return undefined;
  };
}

const aReaderSchema: OptionShape = {
  expected: 'the text of a definition, or { definition, references?, dataFormat? }',
  accepts: (value) =>
    typeof value === 'string' ||
    (isPlainObject(value) &&
      typeof value.definition === 'string' &&
      (value.references === undefined || someReferences.accepts(value.references)) &&
      (value.dataFormat === undefined || aDataFormat.accepts(value.dataFormat)) &&
      (!isTyped(value) || typeof value.format?.compile === 'function')),
};

/** The option `readerSchema`. */
export const readerSchemaOrChoice: OptionShape = {
  expected: `${aReaderSchema.expected}, or a function`,
  accepts: (value) => typeof value === 'function' || aReaderSchema.accepts(value),
};

function mismatch(writer: RegisteredSchema, reader: RegisteredSchema): ReaderSchemaMismatchError {
  return new ReaderSchemaMismatchError(
    `its data format is ${writer.dataFormat}, not ${reader.dataFormat}`,
  );
}

/** The formats that read a record with this reader schema: a typed one brings its own. */
export function formatsFor(
  readerSchema: RegisteredSchema | undefined,
  formats: readonly SchemaFormat[],
): readonly SchemaFormat[] {
  return readerSchema && isTyped(readerSchema) ? [readerSchema.format] : formats;
}

function readerOf(answer: ReaderSchema, writer: RegisteredSchema): RegisteredSchema {
  checkOptions('answer of readerSchema', { readerSchema: answer }, { readerSchema: aReaderSchema });
  const { dataFormat, references } = writer;
  const text = typeof answer === 'string' ? { definition: answer, references } : answer;
  const reader = registered(text, dataFormat);
  if (reader.dataFormat === dataFormat) return reader;
  throw new InvalidSchemaError(
    `the reader schema has the data format ${reader.dataFormat}, the writer schema ${dataFormat}`,
  );
}

/** The same object if it has a data format: all records of a writer schema then share it. */
function registered(
  text: SchemaText & { readonly dataFormat?: DataFormat },
  dataFormat: DataFormat,
): RegisteredSchema {
  if (text.dataFormat !== undefined) return text as RegisteredSchema;
  const { definition, references } = text;
  return Object.freeze({ dataFormat, definition, ...(references && { references }) });
}
