import { type Codec, compileCodec, type SchemaFormat } from './codec.ts';
import { UndecodableError } from './errors.ts';
import {
  formatsFor,
  type ReaderSchema,
  type ReaderSchemaChoice,
  readerSchemas,
} from './reader-schema.ts';
import { idOf, type RegisteredSchema, type SchemaRegistry } from './registry/schema-registry.ts';

/** A decoded value and the schema version that it was written with. */
export interface Deserialized<Value = unknown> {
  value: Value;
  /** For unframed JSON: the JSON Schema `{}` without an id. */
  schema: RegisteredSchema;
  /** The schema that the value was resolved to: the same object for all records of a writer schema. */
  readerSchema?: RegisteredSchema | undefined;
  /** Length of the inflated body: approximately the size of the value. */
  bodyBytes: number;
}

/** What reads the bodies of a writer schema. */
export interface Reader {
  schema: RegisteredSchema;
  readerSchema: RegisteredSchema | undefined;
  codec: Codec;
}

interface ReaderSources {
  registry: SchemaRegistry;
  formats: readonly SchemaFormat[];
  readerSchema: ReaderSchema | ReaderSchemaChoice | undefined;
}

/**
 * A function that finds the reader schema of a writer schema, and compiles both.
 *
 * @throws InvalidSchemaError the one reader schema of all records cannot be compiled
 */
export function createReaderCompiler({
  registry,
  formats,
  readerSchema: chosen,
}: ReaderSources): (schema: RegisteredSchema) => Promise<Reader> {
  const readerOf = readerSchemas(chosen, formats, registry);
  const { framing } = registry;
  return async (schema) => {
    try {
      const readerSchema = await readerOf(schema);
      const codec = compileCodec(schema, formatsFor(readerSchema, formats), {
        framing,
        readerDefinition: readerSchema?.definition,
        readerReferences: readerSchema?.references,
      });
      return { schema, readerSchema, codec };
    } catch (error) {
      if (error instanceof UndecodableError) error.schemaVersionId ??= idOf(schema);
      throw error;
    }
  };
}

/**
 * Decodes a body that ends with the bytes.
 *
 * @throws UndecodableError with the id of the schema
 */
export function readBody(reader: Reader, bytes: Buffer, start: number): Deserialized<never> {
  try {
    const value = reader.codec.decode(bytes, start) as never;
    const { schema, readerSchema } = reader;
    return { value, schema, readerSchema, bodyBytes: bytes.length - start };
  } catch (error) {
    if (error instanceof UndecodableError) error.schemaVersionId = idOf(reader.schema);
    throw error;
  }
}
