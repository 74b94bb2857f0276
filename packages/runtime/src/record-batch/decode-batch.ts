import type { IHeaders } from 'kafkajs';
import { at, attributeBits, type CompressionCodecs, magic } from './batch-layout.ts';
import { type Cursor, readBytes, readVarint, readVarlong } from './cursor.ts';
import { readHeaders } from './headers.ts';

type BatchContext = ReturnType<typeof readContext>;

/** A record as kafkajs hands it to a consumer. */
export interface DecodedRecord {
  magicByte: number;
  attributes: number;
  timestamp: string;
  offset: string;
  key: Buffer | null;
  value: Buffer | null;
  headers: IHeaders;
  isControlRecord: boolean;
  batchContext: BatchContext;
}

/**
 * Decodes the records of consecutive batches. A broker cuts the last batch off where the response is full, and an
 * incomplete batch is left out. Keys, values and headers share memory with `bytes` unless the batch is compressed. The
 * checksum is not verified, as in kafkajs.
 */
export async function decodeBatches(
  bytes: Buffer,
  codecs: CompressionCodecs,
): Promise<DecodedRecord[]> {
  const records: DecodedRecord[] = [];
  let start = 0;
  while (start + at.partitionLeaderEpoch <= bytes.length) {
    const end = start + at.partitionLeaderEpoch + bytes.readInt32BE(start + at.length);
    if (end > bytes.length) break;
    if (end - start < at.records)
      throw damaged(bytes.subarray(start), `expected ${at.records} bytes or more`);
    await decodeBatch(bytes.subarray(start, end), codecs, records);
    start = end;
  }
  return records;
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

/** What the records of one batch share, as kafkajs passes it on; 64-bit integers are strings of digits. */
function readContext(batch: Buffer) {
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
    /** 0: CreateTime, 1: LogAppendTime. */
    timestampType: (attributes & attributeBits.logAppendTime) === 0 ? 0 : 1,
    magicByte: batch.readInt8(at.magic),
  };
}

function readRecords(
  bytes: Buffer,
  count: number,
  batchContext: BatchContext,
  records: DecodedRecord[],
): void {
  const cursor: Cursor = { bytes, pos: 0, end: bytes.length };
  const addToOffset = adderTo(batchContext.firstOffset);
  const addToTimestamp = adderTo(batchContext.firstTimestamp);
  const { magicByte, isControlBatch, timestampType, maxTimestamp } = batchContext;
  for (let index = 0; index < count; index += 1) {
    const length = readVarint(cursor);
    const end = cursor.pos + length;
    if (length < 1 || end > bytes.length)
      throw new RangeError('expected a whole record, got the end of the batch');
    cursor.end = end;
    const attributes = bytes.readInt8(cursor.pos);
    cursor.pos += 1;
    const timestampDelta = readVarlong(cursor);
    records.push({
      magicByte,
      attributes,
      timestamp: timestampType === 1 ? maxTimestamp : addToTimestamp(timestampDelta),
      offset: addToOffset(readVarint(cursor)),
      key: readBytes(cursor),
      value: readBytes(cursor),
      headers: readHeaders(cursor),
      isControlRecord: isControlBatch,
      batchContext,
    });
    cursor.pos = end;
    cursor.end = bytes.length;
  }
}

/** Adds to a 64-bit integer; numbers are faster than bigints where both fit. */
function adderTo(digits: string): (delta: number | bigint) => string {
  const base = Number(digits);
  const isExact = Number.isSafeInteger(base);
  return (delta) => {
    if (isExact && typeof delta === 'number') {
      const sum = base + delta;
      if (Number.isSafeInteger(sum)) return String(sum);
    }
    return String(BigInt(digits) + BigInt(delta));
  };
}
