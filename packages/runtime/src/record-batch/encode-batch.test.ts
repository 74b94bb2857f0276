import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import { promisify } from 'node:util';
import { gunzipSync, gzip } from 'node:zlib';
import fc from 'fast-check';
import type { Message } from 'kafkajs';
import { decodeBatches } from './decode-batch.ts';
import { encodeBatch, type UnencodedBatch } from './encode-batch.ts';
import { javaBatch } from './testing/java-batches.ts';
import { batchBytes, now, recordsBytes, sentRecords } from './testing/protocol-bytes.ts';

const gzipCodec = {
  compress: ({ buffer }: { buffer: Buffer }) => promisify(gzip)(buffer),
  decompress: async (bytes: Buffer) => gunzipSync(bytes),
};
const codecs = { 1: () => gzipCodec };

function encode(records: unknown, fields: Partial<UnencodedBatch> = {}): Promise<Buffer> {
  const ids = { producerId: '4711', producerEpoch: 2, baseSequence: 7 };
  const batch = { compression: 0, transactional: false, ...ids, ...fields };
  return encodeBatch({ ...batch, records: records as Message[] }, codecs);
}

beforeEach(() => mock.timers.enable({ apis: ['Date'], now }));
afterEach(() => mock.timers.reset());

test('a batch is what the protocol describes, byte for byte', async () => {
  await fc.assert(
    fc.asyncProperty(sentRecords, async (records) => {
      assert.deepEqual(await encode(records), batchBytes(records, 0, recordsBytes(records)));
    }),
  );
});

test('a compressed batch holds the same records, and says how they are compressed', async () => {
  await fc.assert(
    fc.asyncProperty(sentRecords, async (records) => {
      const batch = await encode(records, { compression: 1 });
      const compressed = batch.subarray(61);
      assert.deepEqual(gunzipSync(compressed), recordsBytes(records));
      assert.deepEqual(batch, batchBytes(records, 1, compressed));
    }),
    { numRuns: 20 },
  );
});

for (const title of ['none', 'transactional'])
  test(`a batch has the bytes that Kafka's own client writes: ${title}`, async () => {
    const { bytes, records } = javaBatch(title);
    const own = records.map(({ timestamp, key, value, headers }) => {
      const values = Map.groupBy(headers, ([name]) => name);
      return {
        timestamp,
        key: key === null ? null : Buffer.from(key, 'hex'),
        value: value === null ? null : Buffer.from(value, 'hex'),
        headers: Object.fromEntries(
          [...values].map(([name, all]) => [
            name,
            all.map(([, hex]) => (hex === null ? null : Buffer.from(hex, 'hex'))),
          ]),
        ),
      };
    });
    const encoded = await encode(own, { transactional: title === 'transactional' });
    // The broker assigns the offset.
    encoded.writeBigInt64BE(bytes.readBigInt64BE(0), 0);
    assert.equal(encoded.toString('hex'), bytes.toString('hex'));
  });

test('a key or a value is text or bytes', async () => {
  const text = await encode([{ key: 'Größe', value: '\u{1f600}', timestamp: '1' }]);
  const bytes = await encode([
    { key: Buffer.from('Größe'), value: new Uint8Array(Buffer.from('\u{1f600}')), timestamp: '1' },
  ]);
  assert.deepEqual(text, bytes);
});

test('records with and without timestamps: those without get the present time', async () => {
  const sent = [
    { value: 'a', timestamp: '999' },
    { value: 'b' },
    { value: 'c', timestamp: '1000' },
  ];
  const bytes = await encode(sent);
  const read = await decodeBatches(bytes, codecs);
  assert.deepEqual(
    read.map(({ timestamp }) => timestamp),
    ['999', String(now), '1000'],
  );
  assert.equal(bytes.readBigInt64BE(27), 999n);
  assert.equal(bytes.readBigInt64BE(35), 1000n);
});

test('timestamps of 64 bits are exact', async () => {
  const [largest, smallest] = [String(2n ** 63n - 1n), String(2n ** 62n + 1n)];
  const sent = [largest, smallest, largest].map((timestamp) => ({ value: null, timestamp }));
  const [{ batchContext } = assert.fail(), ...read] = await decodeBatches(
    await encode(sent),
    codecs,
  );
  assert.deepEqual([batchContext.firstTimestamp, batchContext.maxTimestamp], [smallest, largest]);
  assert.deepEqual(
    read.map(({ timestamp }) => timestamp),
    [smallest, largest],
  );
});

test('a producer without idempotence has the id -1', async () => {
  const ids = { producerId: -1, producerEpoch: 0, baseSequence: undefined };
  const [record] = await decodeBatches(await encode([{ value: 'a' }], ids), codecs);
  const { producerId, producerEpoch, firstSequence } = record?.batchContext ?? assert.fail();
  assert.deepEqual([producerId, producerEpoch, firstSequence], ['-1', 0, 0]);
});

test('batches of many small and of few large records are whole', async () => {
  const small = Array.from({ length: 200_000 }, () => ({ value: 'x', timestamp: '5' }));
  const sizes = [1, 300, 2_000_000, 0, 1_000_000, 5_000_000, 17];
  const large = sizes.map((size) => ({ value: Buffer.alloc(size, size), timestamp: '5' }));
  for (const sent of [small, large]) {
    const read = await decodeBatches(await encode(sent), codecs);
    assert.equal(read.length, sent.length);
    for (const [index, { value, offset }] of read.entries()) {
      assert.equal(offset, String(index));
      assert.ok(value?.equals(Buffer.from(sent[index]?.value as string)));
    }
  }
});

test('a batch without records is encoded, and an unknown compression is refused', async () => {
  const empty = await encode([]);
  assert.equal(empty.length, 61);
  assert.deepEqual(await decodeBatches(empty, codecs), []);
  await assert.rejects(encode([{ value: 'a' }], { compression: 7 }), {
    message: 'expected a known type of compression, got 7',
  });
});
