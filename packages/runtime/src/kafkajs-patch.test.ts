import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
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

type Sent = {
  key: Buffer | string | null;
  value: Buffer | string | null;
  headers?: Record<string, Buffer | string | (Buffer | string)[]>;
  timestamp: string;
};

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

function recordBytes({ key, value, headers = {}, timestamp }: Sent, first: bigint, index: number) {
  const pairs = Object.entries(headers).flatMap(([name, values]) =>
    [values].flat().map((one) => Buffer.concat([sized(name), sized(one)])),
  );
  const body = Buffer.concat([
    Buffer.from([0]),
    varint(BigInt(timestamp) - first),
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
  fc.record<Sent>(
    {
      key: nullable,
      value: nullable,
      headers: fc.dictionary(
        fc.oneof(
          fc.string({ minLength: 1, maxLength: 200 }),
          // Names that every object seems to have already.
          fc.constantFrom('constructor', 'toString', '__proto__'),
        ),
        fc.oneof(content, fc.array(content, { maxLength: 3 })),
        { maxKeys: 4 },
      ),
      timestamp: timestamps.map(String),
    },
    { requiredKeys: ['key', 'value', 'timestamp'] },
  ),
  { minLength: 1, maxLength: 20 },
);
/** Some have the very headers of the record before. */
const sentRecords = ownRecords.map((records) => {
  const sent: Sent[] = [];
  for (const [index, record] of records.entries())
    sent.push(index % 3 === 1 ? { ...record, headers: sent[index - 1]?.headers ?? {} } : record);
  return sent;
});

async function requestBytes(messages: readonly Sent[]): Promise<Buffer> {
  const partitions = [{ partition: 3, firstSequence: 7, messages }];
  const topicData = [{ topic: 'orders', partitions }];
  return (await produceRequest({ acks: -1, timeout: 5_000, topicData }).encode()).buffer;
}

test('a batch holds its records as the protocol describes them, whatever their keys, values, headers and timestamps', async () => {
  await fc.assert(
    fc.asyncProperty(sentRecords, async (messages) => {
      const buffer = await requestBytes(messages);
      const times = messages
        .map(({ timestamp }) => BigInt(timestamp))
        .sort((a, b) => Number(a - b));
      const records = messages.map((one, index) => recordBytes(one, times[0] as bigint, index));
      const expected = Buffer.concat(records);
      assert.deepEqual(buffer.subarray(buffer.length - expected.length), expected);
      // Before the records: first and max timestamp, producer id, its epoch, first sequence, count of records.
      const header = buffer.subarray(0, buffer.length - expected.length).subarray(-34);
      assert.equal(header.readBigInt64BE(0), times[0]);
      assert.equal(header.readBigInt64BE(8), times.at(-1));
      assert.equal(header.readInt32BE(26), 7);
      assert.equal(header.readInt32BE(30), messages.length);
    }),
  );
});

test('what was written is read again, its first offset added, whatever keys, values, headers and timestamps', async () => {
  const bytesOf = (one: Buffer | string | null) =>
    one === null ? null : Buffer.from(one as string);
  const firstOffsets = fc.bigInt({ min: 0n, max: 2n ** 62n });
  await fc.assert(
    fc.asyncProperty(sentRecords, firstOffsets, async (messages, firstOffset) => {
      const request = await requestBytes(messages);
      // int32 size of the batches, then their first offset.
      const batches = request.subarray(request.indexOf('orders') + 'orders'.length + 4 + 4);
      batches.writeBigInt64BE(firstOffset, 4);
      const read = await decodeMessages(new Decoder(batches));

      assert.equal(read.length, messages.length);
      for (const [index, { key, value, headers = {}, timestamp }] of messages.entries()) {
        const record = read[index] as KafkaMessage;
        assert.equal(record.offset, String(firstOffset + BigInt(index)));
        assert.equal(record.timestamp, timestamp);
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
  const bitByBit = (bytes: Uint8Array) => {
    let crc = 0xffff_ffff;
    for (const byte of bytes) {
      crc ^= byte;
      for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0x82f6_3b78 : 0);
    }
    return ~crc >>> 0;
  };
  assert.equal(crc32C(Buffer.from('123456789')), 0xe306_9283);
  assert.equal(crc32C(Buffer.alloc(32)), 0x8a91_36aa);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => crc32C(bytes) === bitByBit(bytes)),
  );
});
