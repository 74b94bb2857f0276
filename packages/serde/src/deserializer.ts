import { avroFormat } from './avro/avro.ts';
import { type Codec, compileCodec, type SchemaFormat } from './codec.ts';
import { NotAFrameError, UndecodableError } from './errors.ts';
import { bufferView } from './frames/buffer-view.ts';
import { frameOf } from './frames/frame-kinds.ts';
import { inflateBody } from './frames/glue-frame.ts';
import { anyJson, parseUnframedJson } from './frames/unframed-json.ts';
import { idOf, type RegisteredSchema, type SchemaRegistry } from './registry/schema-registry.ts';

/** How a deserializer is made. */
export interface DeserializerOptions {
  /** Decides the kind of frame too. */
  registry: SchemaRegistry;
  /** The data formats that can be read. Default `[avroFormat()]`. */
  formats?: readonly SchemaFormat[];
  /**
   * A definition as which all records are read, or one for each writer schema. Avro resolves the two
   * for every record by itself: one that uses what the reader lacks is a `ReaderSchemaMismatchError`.
   * Formats that resolve nothing pass over it. Default: as written.
   *
   * @throws InvalidSchemaError of a definition that is given as a text, when the deserializer is made
   */
  readerSchema?: string | ((writer: RegisteredSchema) => string | undefined);
  /**
   * Reads what begins as no frame of this registry, such as the deserializer of another registry while a
   * topic moves from one to the other, in either direction. Default none.
   */
  secondary?: Deserializer;
  /** What becomes of bytes that begin as no frame known: refused, or read as JSON text. Default `refuse`. */
  unframed?: 'refuse' | 'json';
  /** Cap on the body of a compressed record. Default 32 MiB; see `inflateBody` for bombs. */
  maxInflatedBytes?: number;
  /** Schemas kept compiled; those not used for longest go first. Default 1000, each some ten kilobytes. */
  cacheSize?: number;
}

/** A decoded value and the schema version it was written with. */
export interface Deserialized {
  value: unknown;
  /** Of unframed JSON: the JSON Schema `{}`, which has no id. */
  schema: RegisteredSchema;
  /** Length of the body as decoded, that is inflated: about what the value weighs. */
  bodyBytes: number;
}

/** Framed bytes to values. Null (a tombstone) is never framed: callers pass it by, or get a `NotAFrameError`. */
export interface Deserializer {
  /**
   * @throws UndecodableError these bytes never decode: `NotAFrameError`, `DamagedFrameError`,
   *   `UnknownSchemaError`, `InvalidSchemaError`, `ReaderSchemaMismatchError`
   * @throws RegistryUnavailableError | RegistryAccessError | RegistryRequestError nothing is known of the bytes yet
   */
  deserialize(bytes: Uint8Array): Promise<Deserialized>;

  /** As `deserialize`, or `undefined` while the writer schema is not known here: then call `deserialize`. */
  deserializeSync(bytes: Uint8Array): Deserialized | undefined;
}

interface Reader {
  schema: RegisteredSchema;
  codec: Codec;
}

/**
 * The reading half; `createSerializer` mirrors it. A record's way: check the header, find the reader
 * of its schema version, inflate if compressed, decode.
 */
export function createDeserializer(options: DeserializerOptions): Deserializer {
  const { registry, formats = [avroFormat()], secondary, unframed = 'refuse' } = options;
  const { maxInflatedBytes = 32 * 1024 * 1024, cacheSize = 1_000 } = options;
  const kind = frameOf(registry);
  const { firstByte, headerBytes } = kind;
  const readerOf = readerChoice(options.readerSchema, formats, registry);
  const readers = kind.createCache<Reader>(cacheSize);

  function deserializeSync(bytes: Uint8Array): Deserialized | undefined {
    const frame = Buffer.isBuffer(bytes) ? bytes : bufferView(bytes);
    if (frame[0] !== firstByte) return secondary ? secondary.deserializeSync(bytes) : other(frame);
    const compression = kind.compression(frame);
    const reader = readers.get(frame);
    return reader && read(reader, frame, compression === 'zlib');
  }

  function other(bytes: Buffer): Deserialized {
    if (unframed !== 'json') throw new NotAFrameError(bytes[0]);
    return { value: parseUnframedJson(bytes), schema: anyJson, bodyBytes: bytes.length };
  }

  function read(reader: Reader, frame: Buffer, compressed: boolean): Deserialized {
    try {
      const { codec } = reader;
      let body = frame;
      let start = headerBytes;
      if (compressed) {
        const inflated = inflateBody(frame, maxInflatedBytes);
        body = codec.copies ? inflated : Buffer.from(inflated);
        start = 0;
      }
      const value = codec.decode(body, start);
      return { value, schema: reader.schema, bodyBytes: body.length - start };
    } catch (error) {
      if (error instanceof UndecodableError) error.schemaVersionId = idOf(reader.schema);
      throw error;
    }
  }

  return {
    deserializeSync,
    async deserialize(bytes) {
      const known = deserializeSync(bytes);
      if (known) return known;
      if (secondary && bytes[0] !== firstByte) return secondary.deserialize(bytes);
      const frame = bufferView(bytes);
      const schema = await registry.schemaById(kind.schemaId(frame));
      let reader = readers.get(frame);
      if (!reader) {
        const { framing } = registry;
        const readerDefinition = readerOf(schema);
        reader = { schema, codec: compileCodec(schema, formats, { framing, readerDefinition }) };
        readers.set(frame, reader);
      }
      return read(reader, frame, kind.compression(frame) === 'zlib');
    },
  };
}

function readerChoice(
  chosen: DeserializerOptions['readerSchema'],
  formats: readonly SchemaFormat[],
  { framing }: SchemaRegistry,
): (writer: RegisteredSchema) => string | undefined {
  if (typeof chosen !== 'string') return chosen ?? (() => undefined);
  // A fault of the program, and none of its records: it shows at once.
  const avro = formats.find(({ dataFormat }) => dataFormat === 'AVRO');
  avro?.compile({ definition: chosen }, { framing, readerDefinition: chosen });
  return () => chosen;
}
