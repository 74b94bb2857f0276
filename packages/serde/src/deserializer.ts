import { avroFormat } from './avro/avro.ts';
import type { SchemaFormat } from './codec.ts';
import { createReaderCompiler, type Deserialized } from './compiled-reader.ts';
import { NotAFrameError } from './errors.ts';
import { createFrameReader } from './frame-reader.ts';
import { bufferView } from './frames/buffer-view.ts';
import {
  type RecordHeaders,
  readSchemaIdHeader,
  type SchemaIdHeader,
} from './frames/schema-id-header.ts';
import { anyJson, parseUnframedJson } from './frames/unframed-json.ts';
import { createIdHeaderReader } from './id-header-reader.ts';
import {
  aDeserializer,
  aLimit,
  aRegistry,
  checkOptions,
  formatsOnce,
  oneOf,
  required,
} from './option-checks.ts';
import {
  type ReaderSchema,
  type ReaderSchemaChoice,
  readerSchemaOrChoice,
} from './reader-schema.ts';
import type { RecordPart } from './registry/schema-name.ts';
import type { SchemaRegistry } from './registry/schema-registry.ts';
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

/**
 * The reading half; `createSerializer` mirrors it. A record is read by the schema id in its headers, else by its frame,
 * else by `secondary` or as JSON.
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
    registry: required(aRegistry('schemaById')),
    formats: formatsOnce,
    readerSchema: readerSchemaOrChoice,
    secondary: aDeserializer,
    unframed: oneOf('refuse', 'json'),
    maxInflatedBytes: aLimit,
    cacheSize: aLimit,
  });
  const { registry, formats = [avroFormat()], secondary, unframed = 'refuse' } = options;
  const { maxInflatedBytes = 32 * 1024 * 1024, cacheSize = 1_000, readerSchema } = options;
  const compileReader = createReaderCompiler({ registry, formats, readerSchema });
  const bodies = createIdHeaderReader({ registry, compileReader, cacheSize });
  const frames = createFrameReader({ registry, compileReader, maxInflatedBytes, cacheSize });
  const readsIdHeaders = registry.framing === 'confluent';

  function idHeaderOf(record: RecordContext | undefined): SchemaIdHeader | undefined {
    return record?.headers && readSchemaIdHeader(record.headers, record.part ?? 'value');
  }

  function deserializeSync(
    bytes: Uint8Array,
    record?: RecordContext,
  ): Deserialized<never> | undefined {
    // A body without a frame can begin with any byte, so the header decides.
    const header = idHeaderOf(record);
    if (header && readsIdHeaders) return bodies.readSync(bytes, header);
    if (header && secondary) return secondary.deserializeSync<never>(bytes, record);
    const frame = Buffer.isBuffer(bytes) ? bytes : bufferView(bytes);
    if (frame[0] === frames.firstByte) return frames.readSync(frame);
    return secondary ? secondary.deserializeSync<never>(bytes, record) : readUnframed(frame);
  }

  function readUnframed(bytes: Buffer): Deserialized<never> {
    if (unframed !== 'json') throw new NotAFrameError(bytes[0]);
    return { value: parseUnframedJson(bytes) as never, schema: anyJson, bodyBytes: bytes.length };
  }

  return {
    deserializeSync,
    async deserialize(bytes, record): Promise<Deserialized<never>> {
      const known = deserializeSync(bytes, record);
      if (known) return known;
      const header = idHeaderOf(record);
      if (header && readsIdHeaders) return bodies.read(bytes, header);
      if (secondary && (header || bytes[0] !== frames.firstByte))
        return secondary.deserialize<never>(bytes, record);
      return frames.read(bufferView(bytes));
    },
  };
}
