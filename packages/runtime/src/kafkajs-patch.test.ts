import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { afterEach, beforeEach, mock, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import type { KafkaMessage } from 'kafkajs';

// patches/kafkajs@2.2.4.patch makes kafkajs write and read records faster; here are the bytes by the protocol's own description
// (KIP-98: record batch, magic 2), written without regard to speed.
const load = createRequire(import.meta.url);
const produceRequest = load('kafkajs/src/protocol/requests/produce/v3/request.js') as (
  options: object,
) => { encode(): Promise<{ buffer: Buffer }> };
const Decoder = load('kafkajs/src/protocol/decoder.js') as new (bytes: Buffer) => object;
const decodeMessages = load('kafkajs/src/protocol/requests/fetch/v4/decodeMessages.js') as (
  decoder: object,
) => Promise<KafkaMessage[]>;

const crc32C = load('kafkajs/src/protocol/recordBatch/crc32C/index.js') as (
  bytes: Uint8Array,
) => number;

type Content = Buffer | string | null;
interface Sent {
  key: Content;
  value: Content;
  headers?: Record<string, Content | Content[]>;
  timestamp?: string;
}

/** What a record without a timestamp gets. */
const now = 1_768_000_000_005;

function varint(value: bigint): Buffer {
  const bytes: number[] = [];
  let left = BigInt.asUintN(64, (value << 1n) ^ (value >> 63n));
  for (; left > 0x7fn; left >>= 7n) bytes.push(Number(left & 0x7fn) | 0x80);
  return Buffer.from([...bytes, Number(left)]);
}

function sized(content: Buffer | string | null): Buffer {
  if (content === null) return varint(-1n);
  const bytes = Buffer.from(content as string);
  return Buffer.concat([varint(BigInt(bytes.length)), bytes]);
}

const timeOf = ({ timestamp = String(now) }: Sent) => BigInt(timestamp);

function recordBytes(record: Sent, first: bigint, index: number) {
  const { key, value, headers = {} } = record;
  const pairs = Object.entries(headers).flatMap(([name, values]) =>
    [values].flat().map((one) => Buffer.concat([sized(name), sized(one)])),
  );
  const body = Buffer.concat([
    Buffer.from([0]),
    varint(timeOf(record) - first),
    varint(BigInt(index)),
    sized(key),
    sized(value),
    varint(BigInt(pairs.length)),
    ...pairs,
  ]);
  return Buffer.concat([varint(BigInt(body.length)), body]);
}

const content = fc.oneof(
  fc.uint8Array({ maxLength: 700 }).map((bytes) => Buffer.from(bytes)),
  fc.string({ unit: 'grapheme', maxLength: 80 }),
);
const nullable = fc.oneof({ weight: 9, arbitrary: content }, fc.constant(null));
const timestamps = fc.oneof(
  fc.integer({ min: 1_768_000_000_000, max: 1_768_000_000_009 }),
  // Far enough apart that a difference needs more than 32 bits.
  fc.integer({ min: 1_000_000_000_000, max: 4_000_000_000_000 }),
);
const ownRecords = fc.array(
  fc.record<Sent & { timestamp: string }>(
    {
      key: nullable,
      value: nullable,
      headers: fc.dictionary(
        fc.oneof(
          fc.string({ minLength: 1, maxLength: 200 }),
          // Names that every object seems to have already.
          fc.constantFrom('constructor', 'toString', '__proto__'),
        ),
        fc.oneof(nullable, fc.array(nullable, { maxLength: 3 })),
        { maxKeys: 4 },
      ),
      timestamp: timestamps.map(String),
    },
    { requiredKeys: ['key', 'value', 'timestamp'] },
  ),
  { minLength: 1, maxLength: 20 },
);
/** Some have the very headers of the record before; a batch's records have a timestamp, or none has. */
const sentRecords = fc.tuple(ownRecords, fc.boolean()).map(([records, timed]) => {
  const sent: Sent[] = [];
  for (const [index, { timestamp, ...record }] of records.entries())
    sent.push({
      ...record,
      ...(index % 3 === 1 ? { headers: sent[index - 1]?.headers ?? {} } : {}),
      ...(timed ? { timestamp } : {}),
    });
  return sent;
});

interface Request {
  buffer: Buffer;
  batch: Buffer;
}

async function request(messages: readonly Sent[], compression = 0): Promise<Request> {
  const partitions = [{ partition: 3, firstSequence: 7, messages }];
  const topicData = [{ topic: 'orders', partitions }];
  const ids = { producerId: '4711', producerEpoch: 2 };
  const options = { acks: -1, timeout: 5_000, compression, topicData, ...ids };
  const { buffer } = await produceRequest(options).encode();
  // int32 partitions, partition and size of the batch come before it.
  return { buffer, batch: buffer.subarray(buffer.indexOf('orders') + 'orders'.length + 12) };
}

/** A record batch from `Magic` on, which `PartitionLeaderEpoch` goes before, and its CRC is of what follows. */
function batchBytes(messages: readonly Sent[], compression: number, records: Buffer): Buffer {
  const times = messages.map(timeOf).sort((a, b) => Number(a - b));
  const checked = Buffer.alloc(40);
  checked.writeInt16BE(compression, 0);
  checked.writeInt32BE(messages.length - 1, 2);
  checked.writeBigInt64BE(times[0] as bigint, 6);
  checked.writeBigInt64BE(times.at(-1) as bigint, 14);
  checked.writeBigInt64BE(4711n, 22);
  checked.writeInt16BE(2, 30);
  checked.writeInt32BE(7, 32);
  checked.writeInt32BE(messages.length, 36);
  const content = Buffer.concat([checked, records]);
  const before = Buffer.alloc(21);
  before.writeInt32BE(9 + content.length, 8);
  before.writeInt8(2, 16);
  before.writeUInt32BE(crcBitByBit(content), 17);
  return Buffer.concat([before, content]);
}

function recordsBytes(messages: readonly Sent[]): Buffer {
  const first = messages.map(timeOf).reduce((a, b) => (a < b ? a : b));
  return Buffer.concat(messages.map((one, index) => recordBytes(one, first, index)));
}

function crcBitByBit(bytes: Uint8Array): number {
  let crc = 0xffff_ffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0x82f6_3b78 : 0);
  }
  return ~crc >>> 0;
}

beforeEach(() => mock.timers.enable({ apis: ['Date'], now }));
afterEach(() => mock.timers.reset());

test('a batch is what the protocol describes, byte for byte, whatever keys, values, headers and timestamps', async () => {
  await fc.assert(
    fc.asyncProperty(sentRecords, async (messages) => {
      const { batch } = await request(messages);
      assert.deepEqual(batch, batchBytes(messages, 0, recordsBytes(messages)));
    }),
  );
});

test('a compressed batch holds the same records', async () => {
  const gzip = 1;
  await fc.assert(
    fc.asyncProperty(sentRecords, async (messages) => {
      const { batch } = await request(messages, gzip);
      const records = batch.subarray(61);
      assert.deepEqual(gunzipSync(records), recordsBytes(messages));
      assert.deepEqual(batch, batchBytes(messages, gzip, records));
    }),
    { numRuns: 20 },
  );
});

test('what was written is read again, its first offset added, whatever keys, values, headers and timestamps', async () => {
  const bytesOf = (one: Buffer | string | null) =>
    one === null ? null : Buffer.from(one as string);
  const firstOffsets = fc.bigInt({ min: 0n, max: 2n ** 62n });
  await fc.assert(
    fc.asyncProperty(sentRecords, firstOffsets, async (messages, firstOffset) => {
      const { buffer, batch } = await request(messages);
      batch.writeBigInt64BE(firstOffset, 0);
      const batches = buffer.subarray(batch.byteOffset - buffer.byteOffset - 4);
      const read = await decodeMessages(new Decoder(batches));

      assert.equal(read.length, messages.length);
      for (const [index, sent] of messages.entries()) {
        const { key, value, headers = {} } = sent;
        const record = read[index] as KafkaMessage;
        assert.equal(record.offset, String(firstOffset + BigInt(index)));
        assert.equal(record.timestamp, String(timeOf(sent)));
        assert.deepEqual(record.key, bytesOf(key));
        assert.deepEqual(record.value, bytesOf(value));
        const expected = Object.entries(headers).flatMap(([name, values]) => {
          const all = [values].flat().map(bytesOf);
          return all.length === 0 ? [] : [[name, all.length === 1 ? all[0] : all]];
        });
        assert.deepEqual(Object.entries(record.headers ?? {}).sort(), expected.sort());
      }
    }),
  );
});

test('the checksum of a batch is CRC-32C (RFC 3720, B.4), whatever its length', () => {
  assert.equal(crc32C(Buffer.from('123456789')), 0xe306_9283);
  assert.equal(crc32C(Buffer.alloc(32)), 0x8a91_36aa);
  const lengths = fc.uint8Array({ maxLength: 200 });
  fc.assert(fc.property(lengths, (bytes) => crc32C(bytes) === crcBitByBit(bytes)));
});
