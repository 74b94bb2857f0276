import { DamagedFrameError, InvalidSchemaError } from '../errors.ts';
import type { FrameKind } from './frame.ts';
import { createIdCache } from './id-cache.ts';

/**
 * The frame of Confluent's serializers, which Apicurio and Karapace support as well.
 *
 *   offset  bytes  value
 *        0      1  always 0
 *        1      4  schema id, big endian
 *        5         body; a Protobuf body begins with its message indexes
 *
 * Source: Confluent Platform documentation, "Formats, Serializers, and Deserializers", wire format.
 */
const headerBytes = 5;
const magicByte = 0;

/** The content of a Confluent header. */
export interface ConfluentHeader {
  readonly frame: 'confluent';
  readonly schemaId: number;
}

export const confluentFrame: FrameKind = {
  firstByte: magicByte,
  headerBytes,
  compressions: ['none'],
  /** @throws InvalidSchemaError the id is not an unsigned 32-bit integer */
  header({ schemaId }) {
    if (schemaId === undefined || schemaId >>> 0 !== schemaId) {
      throw new InvalidSchemaError('the id is not an unsigned 32-bit integer');
    }
    const header = Buffer.alloc(headerBytes);
    header.writeUInt32BE(schemaId, 1);
    return header;
  },
  compression: (bytes) => {
    if (bytes.length < headerBytes) throw new DamagedFrameError('short-header');
    return 'none';
  },
  schemaId: (bytes) => String(schemaIdOf(bytes)),
  createCache: (maxEntries) => createIdCache(maxEntries, schemaIdOf),
};

// The length is checked with the header; readUInt32BE would check it again.
function schemaIdOf(bytes: Uint8Array): number {
  const high = ((bytes[1] as number) << 8) | (bytes[2] as number);
  const low = ((bytes[3] as number) << 8) | (bytes[4] as number);
  return ((high << 16) | low) >>> 0;
}
