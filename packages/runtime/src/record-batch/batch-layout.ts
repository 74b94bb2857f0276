/**
 * Where the fields of a record batch of magic 2 begin (https://kafka.apache.org/documentation/#recordbatch). The records
 * follow them.
 */
export const at = {
  baseOffset: 0,
  /** Counts the bytes after itself. */
  length: 8,
  partitionLeaderEpoch: 12,
  magic: 16,
  /** CRC-32C of everything from `attributes` on. */
  crc: 17,
  attributes: 21,
  lastOffsetDelta: 23,
  firstTimestamp: 27,
  maxTimestamp: 35,
  producerId: 43,
  producerEpoch: 51,
  baseSequence: 53,
  recordCount: 57,
  records: 61,
} as const;

export const magic = 2;

/** Bits of `attributes`. */
export const attributeBits = {
  compression: 0x07,
  logAppendTime: 0x08,
  transactional: 0x10,
  control: 0x20,
} as const;

export interface Codec {
  compress(records: { buffer: Buffer }): Promise<Buffer>;
  decompress(records: Buffer): Promise<Buffer>;
}

/** The form of kafkajs's registry `CompressionCodecs`, by type of compression. */
export interface CompressionCodecs {
  [type: number]: () => Codec;
}
