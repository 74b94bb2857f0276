import type { Codec } from './codec.ts';
import { compile } from './compile.ts';
import { UndecodableError } from './errors.ts';
import { glueCompression, glueSchemaVersionId, headerBytes, inflateBody } from './glue-frame.ts';
import type { RegisteredSchema, SchemaRegistry } from './schema-registry.ts';
import { createVersionCache } from './version-cache.ts';

/** How a deserializer is made. */
export interface DeserializerOptions {
  registry: SchemaRegistry;
  /** Cap on the body of a compressed record. Default 32 MiB; see `inflateBody` for bombs. */
  maxInflatedBytes?: number;
}

/** A decoded value and the schema version it was written with. */
export interface Deserialized {
  value: unknown;
  schema: RegisteredSchema;
  /** Length of the Avro body as decoded, that is inflated: about what the value weighs. */
  bodyBytes: number;
}

/** Framed bytes to values. Null (a tombstone) is never framed: callers pass it by. */
export interface Deserializer {
  /**
   * @throws UndecodableError these bytes never decode: `NotAFrameError`, `DamagedFrameError`,
   *   `UnknownSchemaError`, `InvalidSchemaError`
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

const maxReaders = 10_000;

/**
 * The reading half; `createSerializer` mirrors it. A record's way: check the header, find the reader
 * of its schema version, inflate if compressed, decode.
 */
export function createDeserializer(options: DeserializerOptions): Deserializer {
  const { registry, maxInflatedBytes = 32 * 1024 * 1024 } = options;
  const readers = createVersionCache<Reader>(maxReaders);

  function deserializeSync(bytes: Uint8Array): Deserialized | undefined {
    const frame = Buffer.isBuffer(bytes) ? bytes : viewOf(bytes);
    const compression = glueCompression(frame);
    const reader = readers.get(frame);
    return reader && read(reader, frame, compression === 'zlib');
  }

  function read(reader: Reader, frame: Buffer, compressed: boolean): Deserialized {
    try {
      const body = compressed ? inflateBody(frame, maxInflatedBytes) : frame;
      const start = compressed ? 0 : headerBytes;
      const value = reader.codec.decode(body, start);
      return { value, schema: reader.schema, bodyBytes: body.length - start };
    } catch (error) {
      if (error instanceof UndecodableError) error.schemaVersionId = reader.schema.schemaVersionId;
      throw error;
    }
  }

  return {
    deserializeSync,
    async deserialize(bytes) {
      const known = deserializeSync(bytes);
      if (known) return known;
      const frame = viewOf(bytes);
      const schema = await registry.schemaById(glueSchemaVersionId(frame));
      const reader = readers.get(frame) ?? { schema, codec: compile(schema) };
      readers.set(frame, reader);
      return read(reader, frame, glueCompression(frame) === 'zlib');
    },
  };
}

function viewOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
