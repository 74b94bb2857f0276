import { InvalidSchemaError } from './errors.ts';
import {
  type DataFormat,
  idOf,
  type RegisteredSchema,
  type SchemaRegistry,
} from './registry/schema-registry.ts';

/** Turns values into the bodies of frames and back, by one schema. */
export interface Codec {
  /** Nothing that `decode` gives holds memory of `bytes`: they may be overwritten after it. */
  readonly copies?: boolean;

  /**
   * Writes the body of `value` into `target` at `offset`.
   *
   * @returns the offset after it; negative when `target` is too small, by how many bytes
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

/** What a schema format is told besides the schema. */
export interface CodecOptions {
  /** Whose frame the body is of. A body of Protobuf begins with what tells the message, which differs by it. */
  framing: SchemaRegistry['framing'];
  /** Protobuf: name of the message that is written. Default: the file's only or first one, as in the Java libraries. */
  message?: string | undefined;
  /** Read as this definition says, whatever the writer's is. Default: as written. */
  readerDefinition?: string | undefined;
}

/** A data format that a serializer and a deserializer can be given. */
export interface SchemaFormat {
  readonly dataFormat: DataFormat;
  /** @throws InvalidSchemaError here or on the first use, where the definition cannot be compiled */
  compile(
    schema: Pick<RegisteredSchema, 'definition' | 'references'>,
    options: CodecOptions,
  ): Codec;
}

/**
 * The codec of a schema version, by the one of the formats that has its data format.
 *
 * @throws InvalidSchemaError none of the formats has the schema's data format
 */
export function compileCodec(
  schema: RegisteredSchema,
  formats: readonly SchemaFormat[],
  options: CodecOptions,
): Codec {
  const { dataFormat } = schema;
  const format = formats.find((candidate) => candidate.dataFormat === dataFormat);
  if (format) return format.compile(schema, options);
  throw new InvalidSchemaError(`data format ${dataFormat} is not among 'formats'`, idOf(schema));
}
