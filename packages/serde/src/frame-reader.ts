import { type Deserialized, type Reader, readBody } from './compiled-reader.ts';
import { UndecodableError } from './errors.ts';
import { frameOf } from './frames/frame-kinds.ts';
import { inflateBody } from './frames/glue-frame.ts';
import { idOf, type RegisteredSchema, type SchemaRegistry } from './registry/schema-registry.ts';

interface FrameReaderOptions {
  registry: SchemaRegistry;
  compileReader(schema: RegisteredSchema): Promise<Reader>;
  /** See `inflateBody`. */
  maxInflatedBytes: number;
  cacheSize: number;
}

/**
 * Reads the frames of a registry. All functions take bytes that begin with `firstByte`.
 *
 * For each frame: check the header, find the reader of its schema version, inflate if compressed, decode.
 */
export function createFrameReader(options: FrameReaderOptions) {
  const { registry, compileReader, maxInflatedBytes, cacheSize } = options;
  const kind = frameOf(registry);
  const readers = kind.createCache<Reader>(cacheSize);

  /** Returns `undefined` while the schema version is not known. */
  function readSync(frame: Buffer): Deserialized<never> | undefined {
    const compression = kind.compression(frame);
    const reader = readers.get(frame);
    return reader && readFrame(reader, frame, compression === 'zlib');
  }

  /** As `readSync`, and asks the registry. */
  async function read(frame: Buffer): Promise<Deserialized<never>> {
    const isCompressed = kind.compression(frame) === 'zlib';
    const schema = await registry.schemaById(kind.schemaId(frame));
    let reader = readers.get(frame);
    if (!reader) {
      reader = await compileReader(schema);
      readers.set(frame, reader);
    }
    return readFrame(reader, frame, isCompressed);
  }

  function readFrame(reader: Reader, frame: Buffer, isCompressed: boolean): Deserialized<never> {
    if (!isCompressed) return readBody(reader, frame, kind.headerBytes);
    try {
      const inflated = inflateBody(frame, maxInflatedBytes);
      return readBody(reader, reader.codec.copies ? inflated : Buffer.from(inflated), 0);
    } catch (error) {
      if (error instanceof UndecodableError) error.schemaVersionId = idOf(reader.schema);
      throw error;
    }
  }

  return { firstByte: kind.firstByte, readSync, read };
}
