import type { IHeaders, Message } from 'kafkajs';
import { at, attributeBits, type CompressionCodecs, magic } from './batch-layout.ts';
import { sizeOfContent, writeContent } from './content.ts';
import { crc32c } from './crc32c.ts';
import { encodeHeaders } from './headers.ts';
import { sizeOfVarint, sizeOfVarlong, writeVarint, writeVarlong } from './varint.ts';

export interface UnencodedBatch {
  records: readonly Message[];
  /** One of kafkajs's `CompressionTypes`; 0 is none. */
  compression: number;
  transactional: boolean;
  /** An integer, as a number, a string of digits or kafkajs's `Long`; -1 without idempotence. */
  producerId: { toString(): string };
  producerEpoch: number;
  baseSequence?: number | undefined;
}

/** Encodes the record batch of one partition. Records without a timestamp get the present time. */
export async function encodeBatch(
  batch: UnencodedBatch,
  codecs: CompressionCodecs,
): Promise<Buffer> {
  const { records, compression } = batch;
  const times = timesOf(records);
  let bytes = encodeRecords(records, times);
  if (compression !== 0) {
    const codec = codecs[compression];
    if (!codec) throw new Error(`expected a known type of compression, got ${compression}`);
    const compressed = await codec().compress({ buffer: bytes.subarray(at.records) });
    bytes = Buffer.allocUnsafe(at.records + compressed.length);
    bytes.set(compressed, at.records);
  }
  bytes.writeBigInt64BE(0n, at.baseOffset);
  bytes.writeInt32BE(bytes.length - at.partitionLeaderEpoch, at.length);
  bytes.writeInt32BE(0, at.partitionLeaderEpoch);
  bytes.writeInt8(magic, at.magic);
  const transactional = batch.transactional ? attributeBits.transactional : 0;
  bytes.writeInt16BE((compression & attributeBits.compression) | transactional, at.attributes);
  bytes.writeInt32BE(records.length - 1, at.lastOffsetDelta);
  bytes.writeBigInt64BE(BigInt(times.first), at.firstTimestamp);
  bytes.writeBigInt64BE(BigInt(times.max), at.maxTimestamp);
  bytes.writeBigInt64BE(BigInt(batch.producerId.toString()), at.producerId);
  bytes.writeInt16BE(batch.producerEpoch, at.producerEpoch);
  bytes.writeInt32BE(batch.baseSequence ?? 0, at.baseSequence);
  bytes.writeInt32BE(records.length, at.recordCount);
  bytes.writeUInt32BE(crc32c(bytes.subarray(at.attributes)), at.crc);
  return bytes;
}

type Time = string | number;
type Times = ReturnType<typeof timesOf>;

/** The earliest and latest of the timestamps that records have, else the present time. */
function timesOf(records: readonly Message[]) {
  const now = Date.now();
  let first: Time | undefined;
  let max: Time | undefined;
  for (const { timestamp } of records) {
    if (timestamp == null || timestamp === max) continue;
    if (first === undefined || Number(timestamp) < Number(first)) first = timestamp;
    if (max === undefined || Number(timestamp) > Number(max)) max = timestamp;
  }
  return { now, first: first ?? now, max: max ?? now };
}

/** The records, after room for the fields before them. */
function encodeRecords(records: readonly Message[], times: Times): Buffer {
  let bytes: Buffer = Buffer.allocUnsafe(at.records + Math.min(records.length * 256, 1 << 20));
  let pos: number = at.records;
  // Records in a row often share the object of their headers and their millisecond.
  let sharedHeaders: IHeaders | undefined;
  let headers = encodeHeaders();
  let sharedTime: Time | undefined;
  let timestampDelta = difference(times.now, times.first);
  for (const [offsetDelta, record] of records.entries()) {
    if (record.headers !== sharedHeaders) {
      sharedHeaders = record.headers;
      headers = encodeHeaders(sharedHeaders);
    }
    if (record.timestamp !== sharedTime) {
      sharedTime = record.timestamp;
      timestampDelta = difference(sharedTime ?? times.now, times.first);
    }
    const size =
      1 +
      sizeOfVarlong(timestampDelta) +
      sizeOfVarint(offsetDelta) +
      sizeOfContent(record.key) +
      sizeOfContent(record.value) +
      headers.length;
    const end = pos + sizeOfVarint(size) + size;
    if (end > bytes.length) bytes = grown(bytes, pos, end);
    pos = writeVarint(bytes, pos, size);
    bytes[pos++] = 0; // attributes, unused
    pos = writeVarlong(bytes, pos, timestampDelta);
    pos = writeVarint(bytes, pos, offsetDelta);
    pos = writeContent(bytes, pos, record.key);
    pos = writeContent(bytes, pos, record.value);
    bytes.set(headers, pos);
    pos = end;
  }
  return bytes.subarray(0, pos);
}

function grown(bytes: Buffer, used: number, needed: number): Buffer {
  const larger = Buffer.allocUnsafe(Math.max(2 * bytes.length, needed));
  larger.set(bytes.subarray(0, used));
  return larger;
}

function difference(time: Time, first: Time): number | bigint {
  const [end, start] = [Number(time), Number(first)];
  if (Number.isSafeInteger(end) && Number.isSafeInteger(start)) return end - start;
  return BigInt(time) - BigInt(first);
}
