import { type Deserialized, type Reader, readBody } from './compiled-reader.ts';
import { DamagedFrameError } from './errors.ts';
import { bufferView } from './frames/buffer-view.ts';
import type { SchemaIdHeader } from './frames/schema-id-header.ts';
import { messageIndexesEnd } from './protobuf/message-indexes-end.ts';
import { createBoundedMap } from './registry/bounded-map.ts';
import { idOf, type RegisteredSchema, type SchemaRegistry } from './registry/schema-registry.ts';

interface IdHeaderReaderOptions {
  registry: SchemaRegistry;
  compileReader(schema: RegisteredSchema): Promise<Reader>;
  cacheSize: number;
}

/** Reads bodies without a frame, whose schema id is in a header of the record. */
export function createIdHeaderReader(options: IdHeaderReaderOptions) {
  const { registry, compileReader, cacheSize } = options;
  const readers = createBoundedMap<string, Reader>(cacheSize);
  return {
    /** Returns `undefined` while the schema is not known. */
    readSync(bytes: Uint8Array, header: SchemaIdHeader): Deserialized<never> | undefined {
      const reader = readers.get(header.schemaId);
      return reader && readAfterHeader(reader, bytes, header);
    },
    /** As `readSync`, and asks the registry. */
    async read(bytes: Uint8Array, header: SchemaIdHeader): Promise<Deserialized<never>> {
      const { schemaId } = header;
      const reader = await compileReader(await registry.schemaById(schemaId));
      readers.set(schemaId, reader);
      return readAfterHeader(reader, bytes, header);
    },
  };
}

function readAfterHeader(
  reader: Reader,
  bytes: Uint8Array,
  { messageIndexes }: SchemaIdHeader,
): Deserialized<never> {
  const end = reader.schema.dataFormat === 'PROTOBUF' ? messageIndexesEnd(messageIndexes) : 0;
  // Indexes that are cut, or followed by other bytes, would be read together with the body.
  if (end !== messageIndexes.length)
    throw new DamagedFrameError('bad-id-header', idOf(reader.schema));
  const body = bufferView(bytes);
  return readBody(reader, end === 0 ? body : Buffer.concat([messageIndexes, body]), 0);
}
