import { FormatNotLoadedError } from './errors.ts';
import {
  type DataFormat,
  idOf,
  type RegisteredSchema,
  type SchemaRegistry,
  type SchemaText,
} from './registry/schema-registry.ts';

/** Encodes values to the bodies of frames and decodes them, by one schema. */
export interface Codec {
  /** Values from `decode` share no memory with `bytes`, which may be overwritten afterwards. */
  readonly copies?: boolean;

  /**
   * Writes the body of `value` into `target` at `offset`.
   *
   * @returns the offset after the body; if `target` is too small, the negative number of missing bytes
   * @throws SchemaMismatchError
   */
  encode(value: unknown, target: Buffer, offset: number): number;

  /**
   * Reads the one value that fills `bytes` from `offset` on.
   *
   * @throws DamagedFrameError
   */
  decode(bytes: Buffer, offset: number): unknown;
}

/** What a format needs besides the schema. */
export interface CodecOptions {
  /** The kind of frame around the body. The message indexes at the start of a Protobuf body depend on it. */
  framing: SchemaRegistry['framing'];
  /** Protobuf: name of the message that is written. Default: the first one of the file, as in the Java libraries. */
  message?: string | undefined;
  /** The reader schema. Default: the writer schema. */
  readerDefinition?: string | undefined;
  /** The schemas that the reader schema refers to, each before those that refer to it. Default none. */
  readerReferences?: SchemaText['references'];
}

/** A reason why a schema cannot read what another one writes. */
export interface ReadFault {
  readonly type: string;
  /** JSON pointer in the reader schema; for Protobuf the path of names. */
  readonly readerLocation: string;
}

/** A data format for a serializer and a deserializer. */
export interface SchemaFormat {
  readonly dataFormat: DataFormat;
  /** @throws InvalidSchemaError here or on first use, if the definition cannot be compiled */
  compile(schema: SchemaText, options: CodecOptions): Codec;
  /**
   * Why `reader` cannot read what `writer` writes; empty if it can. It takes every definition that `compile` takes. Needed
   * by `useLatestVersion` with a `schema`.
   *
   * @throws InvalidSchemaError a definition cannot be compiled
   */
  findReadFaults?(
    reader: SchemaText,
    writer: SchemaText,
    options: Pick<CodecOptions, 'framing'>,
  ): readonly ReadFault[];
}

/**
 * The codec of a schema version, by the one of the formats that has its data format.
 *
 * @throws FormatNotLoadedError none of the formats has the schema's data format
 * @throws what the format's `compile` throws
 */
export function compileCodec(
  schema: RegisteredSchema,
  formats: readonly SchemaFormat[],
  options: CodecOptions,
): Codec {
  return formatOf(schema, formats).compile(schema, options);
}

/** @throws FormatNotLoadedError none of the formats has the schema's data format */
export function formatOf(schema: RegisteredSchema, formats: readonly SchemaFormat[]): SchemaFormat {
  const { dataFormat } = schema;
  const format = formats.find((candidate) => candidate.dataFormat === dataFormat);
  if (format) return format;
  throw new FormatNotLoadedError(dataFormat, idOf(schema));
}
