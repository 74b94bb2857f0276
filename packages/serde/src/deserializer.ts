import { avroFormat } from './avro/avro.ts';
import { type Codec, compileCodec, type SchemaFormat } from './codec.ts';
import { DamagedFrameError, NotAFrameError, UndecodableError } from './errors.ts';
import { bufferView } from './frames/buffer-view.ts';
import { frameOf } from './frames/frame-kinds.ts';
import { inflateBody } from './frames/glue-frame.ts';
import {
  type RecordHeaders,
  readSchemaIdHeader,
  type SchemaIdHeader,
} from './frames/schema-id-header.ts';
import { anyJson, parseUnframedJson } from './frames/unframed-json.ts';
import {
  aDeserializer,
  aLimit,
  aRegistry,
  checkOptions,
  formatsOnce,
  oneOf,
  required,
} from './option-checks.ts';
import { messageIndexesEnd } from './protobuf/message-indexes-end.ts';
import {
  formatsFor,
  type ReaderSchema,
  type ReaderSchemaChoice,
  readerSchemaOrChoice,
  readerSchemas,
} from './reader-schema.ts';
import { createBoundedMap } from './registry/bounded-map.ts';
import type { RecordPart } from './registry/schema-name.ts';
import { idOf, type RegisteredSchema, type SchemaRegistry } from './registry/schema-registry.ts';
import type { TypedSchema } from './typed-schema.ts';

/** Options of a deserializer. */
export interface DeserializerOptions {
  /** Also decides the kind of frame. */
  registry: SchemaRegistry;
  /** The data formats that can be read. Default `[avroFormat()]`. */
  formats?: readonly SchemaFormat[];
  /**
   * The reader schema of all records of its data format, or a function that returns one for each writer schema. Without
   * `dataFormat`, the first is Avro if `formats` has it, else the first of `formats`. Default: the writer schema.
   *
   * Avro resolves each record by itself: one that uses what the reader schema does not have is a
   * `ReaderSchemaMismatchError`. Protobuf reads a record as the message of the same full name. JSON has no schema
   * resolution: with `validateOnRead`, the value is checked by the reader schema instead of the writer schema.
   *
   * The function is called before the first record of a writer schema, and its answer is kept. What it throws, the
   * record throws: an `UndecodableError` means that the record will never decode.
   *
   * @throws InvalidSchemaError when the deserializer is created, if the schema of all records cannot be compiled;
   *   for JSON Schema with the first record
   */
  readerSchema?: ReaderSchema | ReaderSchemaChoice;
  /**
   * Reads values that do not begin as a frame of this registry. Use the deserializer of another registry while a
   * topic moves from one to the other, in either direction. Default none.
   */
  secondary?: Deserializer;
  /** Whether bytes that do not begin as a frame are rejected or read as JSON text. Default `refuse`. */
  unframed?: 'refuse' | 'json';
  /** Limit of an inflated body in bytes. Default 32 MiB; see `inflateBody` for bombs. */
  maxInflatedBytes?: number;
  /** How many schemas stay compiled; the least recently used go first. Default 1000, about ten kilobytes each. */
  cacheSize?: number;
}

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

/** The record that the bytes belong to. Only needed where schema ids may be in headers, as Confluent Platform 8 can write them. */
export interface RecordContext {
  /** Which part of the record the bytes are. Default `value`. */
  part?: RecordPart;
  headers?: RecordHeaders | undefined;
}

declare const valueType: unique symbol;

/**
 * Decodes framed bytes to values. Null (a tombstone) is never framed: it is a `NotAFrameError`.
 *
 * `deserialize<Order>(bytes)` is a claim of the caller: the value is not checked against the type. Without a type
 * argument the value is `unknown`.
 */
export interface Deserializer<Value = unknown> {
  /** Only for the compiler: what `deserialize` gives without a type argument. */
  readonly [valueType]?: Value;

  /**
   * @throws UndecodableError these bytes will never decode: `NotAFrameError`, `DamagedFrameError`,
   *   `UnknownSchemaError`, `InvalidSchemaError`, `ReaderSchemaMismatchError`
   * @throws FormatNotLoadedError the data format of their schema is not among `formats`
   * @throws RegistryUnavailableError | RegistryAccessError | RegistryRequestError whether they decode is not known yet
   */
  deserialize<Claimed = Value>(
    bytes: Uint8Array,
    record?: RecordContext,
    // NoInfer: a claim is only what the call says, not what its result is assigned to.
  ): Promise<Deserialized<NoInfer<Claimed>>>;

  /** As `deserialize`, but returns `undefined` while the writer schema is not known: then call `deserialize`. */
  deserializeSync<Claimed = Value>(
    bytes: Uint8Array,
    record?: RecordContext,
  ): Deserialized<NoInfer<Claimed>> | undefined;
}

/** Options of a deserializer that guarantees a type: values that the typed schema does not describe are rejected. */
export interface TypedDeserializerOptions<Value>
  extends Omit<DeserializerOptions, 'readerSchema' | 'secondary' | 'unframed'> {
  /** Every record is resolved to this schema. A record of another data format is a `ReaderSchemaMismatchError`. */
  readerSchema: TypedSchema<Value, never>;
  secondary?: Deserializer<Value>;
  unframed?: 'refuse';
}

interface Reader {
  schema: RegisteredSchema;
  readerSchema: RegisteredSchema | undefined;
  codec: Codec;
}

/**
 * The reading half; `createSerializer` mirrors it. For each record: check the header, find the reader of its schema
 * version, inflate if compressed, decode.
 *
 * A typed `readerSchema` guarantees the type of the values. Any other type is a claim of the caller.
 *
 * @throws TypeError an option is not what it may be
 */
export function createDeserializer<Value>(
  options: TypedDeserializerOptions<Value>,
): Deserializer<Value>;
export function createDeserializer<Claimed = unknown>(
  options: DeserializerOptions,
  // NoInfer: a claim is only what the call says, not what its result is assigned to.
): Deserializer<NoInfer<Claimed>>;
export function createDeserializer(
  options: DeserializerOptions | TypedDeserializerOptions<unknown>,
): Deserializer<never> {
  checkOptions('createDeserializer', options, {
    registry: required(aRegistry),
    formats: formatsOnce,
    readerSchema: readerSchemaOrChoice,
    secondary: aDeserializer,
    unframed: oneOf('refuse', 'json'),
    maxInflatedBytes: aLimit,
    cacheSize: aLimit,
  });
  const { registry, formats = [avroFormat()], secondary, unframed = 'refuse' } = options;
  const { maxInflatedBytes = 32 * 1024 * 1024, cacheSize = 1_000 } = options;
  const kind = frameOf(registry);
  const { firstByte, headerBytes } = kind;
  const readerOf = readerSchemas(options.readerSchema, formats, registry);
  const readers = kind.createCache<Reader>(cacheSize);
  const headerReaders = createBoundedMap<string, Reader>(cacheSize);

  function idHeader(record: RecordContext | undefined): SchemaIdHeader | undefined {
    return record?.headers && readSchemaIdHeader(record.headers, record.part ?? 'value');
  }

  function deserializeSync(
    bytes: Uint8Array,
    record?: RecordContext,
  ): Deserialized<never> | undefined {
    // A body without a frame can begin with any byte, so the header decides.
    const header = idHeader(record);
    if (header && registry.framing === 'confluent') {
      const reader = headerReaders.get(header.schemaId);
      return reader && readBody(reader, bytes, header);
    }
    if (header && secondary) return secondary.deserializeSync<never>(bytes, record);
    const frame = Buffer.isBuffer(bytes) ? bytes : bufferView(bytes);
    if (frame[0] !== firstByte)
      return secondary ? secondary.deserializeSync<never>(bytes, record) : other(frame);
    const compression = kind.compression(frame);
    const reader = readers.get(frame);
    return reader && read(reader, frame, compression === 'zlib');
  }

  function other(bytes: Buffer): Deserialized<never> {
    if (unframed !== 'json') throw new NotAFrameError(bytes[0]);
    return { value: parseUnframedJson(bytes) as never, schema: anyJson, bodyBytes: bytes.length };
  }

  /** The body of a frame whose schema id is in a header. */
  function readBody(
    reader: Reader,
    bytes: Uint8Array,
    { messageIndexes }: SchemaIdHeader,
  ): Deserialized<never> {
    const end = reader.schema.dataFormat === 'PROTOBUF' ? messageIndexesEnd(messageIndexes) : 0;
    // Indexes that are cut, or followed by other bytes, would be read together with the body.
    if (end !== messageIndexes.length)
      throw new DamagedFrameError('bad-id-header', idOf(reader.schema));
    if (end === 0) return decode(reader, bufferView(bytes), 0);
    return decode(reader, Buffer.concat([messageIndexes, bufferView(bytes)]), 0);
  }

  function read(reader: Reader, frame: Buffer, compressed: boolean): Deserialized<never> {
    if (!compressed) return decode(reader, frame, headerBytes);
    try {
      const inflated = inflateBody(frame, maxInflatedBytes);
      return decode(reader, reader.codec.copies ? inflated : Buffer.from(inflated), 0);
    } catch (error) {
      if (error instanceof UndecodableError) error.schemaVersionId = idOf(reader.schema);
      throw error;
    }
  }

  function decode(reader: Reader, body: Buffer, start: number): Deserialized<never> {
    try {
      const { codec } = reader;
      const value = codec.decode(body, start) as never;
      const { schema, readerSchema } = reader;
      return { value, schema, readerSchema, bodyBytes: body.length - start };
    } catch (error) {
      if (error instanceof UndecodableError) error.schemaVersionId = idOf(reader.schema);
      throw error;
    }
  }

  async function compileReader(schema: RegisteredSchema): Promise<Reader> {
    try {
      const readerSchema = await readerOf(schema);
      const { framing } = registry;
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
  }

  return {
    deserializeSync,
    async deserialize(bytes, record): Promise<Deserialized<never>> {
      const known = deserializeSync(bytes, record);
      if (known) return known;
      const header = idHeader(record);
      if (header && registry.framing === 'confluent') {
        const { schemaId } = header;
        const reader = await compileReader(await registry.schemaById(schemaId));
        headerReaders.set(schemaId, reader);
        return readBody(reader, bytes, header);
      }
      if (secondary && (header || bytes[0] !== firstByte))
        return secondary.deserialize<never>(bytes, record);
      const frame = bufferView(bytes);
      const schema = await registry.schemaById(kind.schemaId(frame));
      let reader = readers.get(frame);
      if (!reader) {
        reader = await compileReader(schema);
        readers.set(frame, reader);
      }
      return read(reader, frame, kind.compression(frame) === 'zlib');
    },
  };
}
