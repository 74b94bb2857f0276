import type { IHeaders } from 'kafkajs';
import { type Cursor, readBytes, readVarint, readVarlong, skipBytes } from './cursor.ts';
import { readHeaders, skipHeaders } from './headers.ts';

/** The fields that the records of one batch share, as kafkajs passes them on. 64-bit integers are strings of digits. */
export interface BatchContext {
  readonly firstOffset: string;
  readonly firstTimestamp: string;
  readonly partitionLeaderEpoch: number;
  readonly inTransaction: boolean;
  readonly isControlBatch: boolean;
  readonly lastOffsetDelta: number;
  readonly producerId: string;
  readonly producerEpoch: number;
  readonly firstSequence: number;
  readonly maxTimestamp: string;
  /** 0: CreateTime, 1: LogAppendTime. */
  readonly timestampType: number;
  readonly magicByte: number;
}

/**
 * A record as kafkajs hands it to a consumer. It shares memory with the bytes of its batch.
 *
 * Each property is read from these bytes when it is asked for. A fetch returns thousands of records, and most of them wait while
 * others are processed. Complete records would reach the old generation of the heap, and memory would grow until its collection.
 */
export class DecodedRecord {
  readonly batchContext: BatchContext;
  readonly #bytes: Buffer;
  readonly #start: number;
  readonly #end: number;
  readonly #timestampDelta: number | bigint;
  readonly #offsetDelta: number;
  readonly #keyAt: number;
  readonly #valueAt: number;
  readonly #headersAt: number;

  /**
   * Reads the record at the cursor, and moves the cursor past the record. As in kafkajs, bytes between the headers and the end of
   * the record are skipped. Kafka's own client rejects such a record.
   *
   * @throws RangeError the record ends after its batch, or its fields end after the record
   */
  constructor(cursor: Cursor, batchContext: BatchContext) {
    const { bytes } = cursor;
    const length = readVarint(cursor);
    const end = cursor.pos + length;
    if (length < 1 || end > bytes.length)
      throw new RangeError('expected a whole record, got the end of the batch');
    cursor.end = end;
    this.batchContext = batchContext;
    this.#bytes = bytes;
    this.#start = cursor.pos;
    this.#end = end;
    cursor.pos += 1;
    this.#timestampDelta = readVarlong(cursor);
    this.#offsetDelta = readVarint(cursor);
    this.#keyAt = cursor.pos;
    skipBytes(cursor);
    this.#valueAt = cursor.pos;
    skipBytes(cursor);
    this.#headersAt = cursor.pos;
    skipHeaders(cursor);
    cursor.pos = end;
    cursor.end = bytes.length;
  }

  get magicByte(): number {
    return this.batchContext.magicByte;
  }

  get attributes(): number {
    return this.#bytes.readInt8(this.#start);
  }

  get isControlRecord(): boolean {
    return this.batchContext.isControlBatch;
  }

  get timestamp(): string {
    const { timestampType, maxTimestamp, firstTimestamp } = this.batchContext;
    return timestampType === 1 ? maxTimestamp : sum(firstTimestamp, this.#timestampDelta);
  }

  get offset(): string {
    return sum(this.batchContext.firstOffset, this.#offsetDelta);
  }

  get key(): Buffer | null {
    return readBytes(this.#at(this.#keyAt));
  }

  get value(): Buffer | null {
    return readBytes(this.#at(this.#valueAt));
  }

  get headers(): IHeaders {
    return readHeaders(this.#at(this.#headersAt));
  }

  #at(pos: number): Cursor {
    return { bytes: this.#bytes, pos, end: this.#end };
  }
}

/** Adds to a 64-bit integer; numbers are faster than bigints where both fit. */
function sum(digits: string, delta: number | bigint): string {
  const base = Number(digits);
  if (Number.isSafeInteger(base) && typeof delta === 'number') {
    const exact = base + delta;
    if (Number.isSafeInteger(exact)) return String(exact);
  }
  return String(BigInt(digits) + BigInt(delta));
}
