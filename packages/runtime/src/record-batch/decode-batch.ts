import { at, attributeBits, type CompressionCodecs, magic } from './batch-layout.ts';
import type { Cursor } from './cursor.ts';
import { type BatchContext, DecodedRecord } from './decoded-record.ts';

/**
 * Decodes the records of consecutive batches. A broker cuts the last batch off where the response is full, and an
 * incomplete batch is left out. Records share memory with `bytes` unless their batch is compressed. The checksum is not
 * verified, as in kafkajs.
 *
 * The array has a further property, `nextOffset`: the offset after the last complete batch. Compaction may leave a batch
 * without records, and a reader that only counts records would ask for that batch for ever.
 */
export async function decodeBatches(
  bytes: Buffer,
  codecs: CompressionCodecs,
): Promise<DecodedRecord[] & { nextOffset?: string }> {
  const records: DecodedRecord[] = [];
  let start = 0;
  let nextOffset: bigint | undefined;
  while (start + at.partitionLeaderEpoch <= bytes.length) {
    const end = start + at.partitionLeaderEpoch + bytes.readInt32BE(start + at.length);
    if (end > bytes.length) break;
    if (end - start < at.records)
      throw damaged(bytes.subarray(start), `expected ${at.records} bytes or more`);
    await decodeBatch(bytes.subarray(start, end), codecs, records);
    nextOffset = offsetAfter(bytes.subarray(start, end));
    start = end;
  }
  // Not enumerable: for kafkajs and its users, the array has records alone.
  if (nextOffset !== undefined)
    Object.defineProperty(records, 'nextOffset', { value: String(nextOffset) });
  return records;
}

function offsetAfter(batch: Buffer): bigint {
  return batch.readBigInt64BE(at.baseOffset) + BigInt(batch.readInt32BE(at.lastOffsetDelta)) + 1n;
}

async function decodeBatch(
  batch: Buffer,
  codecs: CompressionCodecs,
  records: DecodedRecord[],
): Promise<void> {
  const context = readContext(batch);
  if (context.magicByte !== magic) throw damaged(batch, `expected magic ${magic}`);
  const count = batch.readInt32BE(at.recordCount);
  if (count < 0) throw damaged(batch, 'the number of records is negative');
  // A compacted batch may have no records left.
  if (count === 0) return;
  const compression = batch.readInt16BE(at.attributes) & attributeBits.compression;
  const codec = codecs[compression];
  if (compression !== 0 && !codec)
    throw damaged(batch, `compression type ${compression} is unknown`);
  try {
    const bytes = batch.subarray(at.records);
    readRecords(codec ? await codec().decompress(bytes) : bytes, count, context, records);
  } catch (error) {
    throw damaged(batch, (error as Error).message, error);
  }
}

function damaged(batch: Buffer, reason: string, cause?: unknown): Error {
  const offset = batch.readBigInt64BE(at.baseOffset);
  return new Error(`record batch at offset ${offset}: ${reason}`, { cause });
}

function readContext(batch: Buffer): BatchContext {
  const attributes = batch.readInt16BE(at.attributes);
  return {
    firstOffset: String(batch.readBigInt64BE(at.baseOffset)),
    firstTimestamp: String(batch.readBigInt64BE(at.firstTimestamp)),
    partitionLeaderEpoch: batch.readInt32BE(at.partitionLeaderEpoch),
    inTransaction: (attributes & attributeBits.transactional) !== 0,
    isControlBatch: (attributes & attributeBits.control) !== 0,
    lastOffsetDelta: batch.readInt32BE(at.lastOffsetDelta),
    producerId: String(batch.readBigInt64BE(at.producerId)),
    producerEpoch: batch.readInt16BE(at.producerEpoch),
    firstSequence: batch.readInt32BE(at.baseSequence),
    maxTimestamp: String(batch.readBigInt64BE(at.maxTimestamp)),
    timestampType: (attributes & attributeBits.logAppendTime) === 0 ? 0 : 1,
    magicByte: batch.readInt8(at.magic),
  };
}

function readRecords(
  bytes: Buffer,
  count: number,
  context: BatchContext,
  records: DecodedRecord[],
): void {
  const cursor: Cursor = { bytes, pos: 0, end: bytes.length };
  for (let index = 0; index < count; index += 1) records.push(new DecodedRecord(cursor, context));
}
