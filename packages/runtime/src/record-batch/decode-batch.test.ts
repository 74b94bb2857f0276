import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import kafkajs from 'kafkajs';
import '../kafka-client.ts';
import { decodeBatches } from './decode-batch.ts';
import { encodeBatch } from './encode-batch.ts';
import { asInFile, javaBatch, javaBatches } from './testing/java-batches.ts';

const decode = (bytes: Buffer) => decodeBatches(bytes, kafkajs.CompressionCodecs);

/** The batch of the title, changed in place. */
function changed(title: string, change: (bytes: Buffer) => void): Buffer {
  const { bytes } = javaBatch(title);
  change(bytes);
  return bytes;
}

for (const { title, batch, records } of javaBatches)
  test(`what Kafka's own client wrote is read as it reads it: ${title}`, async () => {
    const read = await decode(Buffer.from(batch, 'hex'));
    assert.deepEqual(read.map(asInFile), records);
  });

test('records name what their batch has in common', async () => {
  const context = async (title: string) => (await decode(javaBatch(title).bytes))[0]?.batchContext;
  const plain = {
    firstOffset: String(2n ** 53n),
    firstTimestamp: '1768000000000',
    partitionLeaderEpoch: 0,
    inTransaction: false,
    isControlBatch: false,
    lastOffsetDelta: 4,
    producerId: '4711',
    producerEpoch: 2,
    firstSequence: 7,
    maxTimestamp: '1768000000070',
    timestampType: 0,
    magicByte: 2,
  };
  assert.deepEqual(await context('none'), plain);
  assert.deepEqual(await context('zstd'), plain);
  const transactional = { ...plain, firstOffset: String(2n ** 52n), inTransaction: true };
  assert.deepEqual(await context('transactional'), transactional);
  const { timestampType, maxTimestamp } = (await context('LogAppendTime')) ?? assert.fail();
  assert.deepEqual(
    { timestampType, maxTimestamp },
    { timestampType: 1, maxTimestamp: '1768000009999' },
  );
  const control = (await context('a control batch that aborts')) ?? assert.fail();
  const { inTransaction, isControlBatch, partitionLeaderEpoch, firstSequence } = control;
  assert.deepEqual([inTransaction, isControlBatch], [true, true]);
  assert.deepEqual([partitionLeaderEpoch, firstSequence], [3, -1]);
});

test('the next offset is after the last complete batch, even if compaction has emptied it', async () => {
  const whole = javaBatch('none').bytes;
  const emptied = changed('transactional', (bytes) => bytes.writeInt32BE(0, 57)).subarray(0, 61);
  emptied.writeInt32BE(emptied.length - 12, 8);
  const records = await decode(Buffer.concat([whole, emptied, whole.subarray(0, 70)]));
  const delta = emptied.readInt32BE(23);
  assert.equal(records.length, 5);
  assert.equal(records.nextOffset, String(2n ** 52n + BigInt(delta) + 1n));
  assert.deepEqual(Object.keys(records), ['0', '1', '2', '3', '4']);
  assert.equal((await decode(Buffer.alloc(0))).nextOffset, undefined);
});

test('a record has its attributes, and says whether it is a control record', async () => {
  const attributes = changed('none', (bytes) => bytes.writeInt8(-3, 63));
  const [first, second] = await decode(attributes);
  assert.deepEqual([first?.attributes, second?.attributes], [-3, 0]);
  assert.deepEqual([first?.magicByte, first?.isControlRecord], [2, false]);
  const [marker] = await decode(javaBatch('a control batch that aborts').bytes);
  assert.equal(marker?.isControlRecord, true);
});

test('a record that waits takes less than 150 bytes of heap, whatever its fields are', async () => {
  const count = 20_000;
  const one = { key: 'k'.repeat(50), value: 'v'.repeat(100), headers: { traceparent: '00-4bf9' } };
  const records = Array.from({ length: count }, () => one);
  const producer = { producerId: '-1', producerEpoch: -1, transactional: false };
  const bytes = await encodeBatch({ records, compression: 0, ...producer }, {});
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  collect();
  const before = process.memoryUsage().heapUsed;
  const read = await decode(bytes);
  for (const { key, value, headers } of read) assert.ok(key && value && headers);
  collect();
  const perRecord = (process.memoryUsage().heapUsed - before) / count;
  assert.ok(perRecord < 150, `${perRecord} bytes`);
  assert.equal(read.length, count);
});

test('bytes that follow the headers within a record are skipped', async () => {
  const { bytes, records } = javaBatch('timestamps far apart');
  const length = (bytes[61] as number) / 2;
  const longer = Buffer.concat([
    bytes.subarray(0, 62 + length),
    Buffer.from([9, 9]),
    bytes.subarray(62 + length),
  ]);
  longer[61] = 2 * (length + 2);
  longer.writeInt32BE(longer.length - 12, 8);
  assert.deepEqual((await decode(longer)).map(asInFile), records);
});

test('of batches that the response cuts off, the whole ones are read', async () => {
  const [first, second] = [javaBatch('gzip'), javaBatch('timestamps far apart')];
  const both = Buffer.concat([first.bytes, second.bytes]);
  for (let length = 0; length <= both.length; length += 1) {
    const read = await decode(both.subarray(0, length));
    const whole = [
      ...(length >= first.bytes.length ? first.records : []),
      ...(length === both.length ? second.records : []),
    ];
    assert.deepEqual(read.map(asInFile), whole, `${length} bytes`);
  }
});

test('a whole batch whose records are cut off is refused by its offset', async () => {
  const { bytes } = javaBatch('none');
  for (let length = 61; length < bytes.length; length += 1) {
    const cut = Buffer.from(bytes.subarray(0, length));
    cut.writeInt32BE(length - 12, 8);
    await assert.rejects(decode(cut), /^Error: record batch at offset 9007199254740992: expected /);
  }
});

test('fields that no batch has are refused', async () => {
  const at42 = 'record batch at offset 9007199254740992: ';
  const cases: [string, Buffer][] = [
    ['expected 61 bytes or more', changed('none', (bytes) => bytes.writeInt32BE(48, 8))],
    ['expected 61 bytes or more', changed('none', (bytes) => bytes.writeInt32BE(-5, 8))],
    ['expected magic 2', changed('none', (bytes) => bytes.writeInt8(1, 16))],
    ['compression type 5 is unknown', changed('none', (bytes) => bytes.writeInt16BE(5, 21))],
    ['the number of records is negative', changed('none', (bytes) => bytes.writeInt32BE(-1, 57))],
    [
      'expected more bytes, got the end of the record',
      changed('none', (bytes) => bytes.writeInt32BE(6, 57)),
    ],
    [
      'expected a whole record, got the end of the batch',
      changed('none', (bytes) => bytes.writeInt8(0, 61)),
    ],
    [
      'expected a whole record, got the end of the batch',
      changed('none', (bytes) => bytes.writeInt8(1, 61)),
    ],
    [
      'expected more bytes, got the end of the record',
      changed('none', (bytes) => bytes.writeInt8(2, 61)),
    ],
    [
      'expected more bytes, got the end of the record',
      changed('timestamps far apart', (bytes) => {
        bytes[61] = (bytes[61] as number) - 2;
      }),
    ],
  ];
  for (const [reason, bytes] of cases)
    await assert.rejects(decode(bytes), { message: `${at42}${reason}` });
});

test('a batch that cannot be decompressed is refused by its offset', async () => {
  for (const title of ['gzip', 'snappy', 'lz4', 'zstd']) {
    const bytes = changed(title, (whole) => whole.fill(0x55, 61));
    await assert.rejects(decode(bytes), /^Error: record batch at offset 9007199254740992: ./);
  }
});

test('a batch of 61 bytes is whole, and a batch that claims less is not', async () => {
  const { bytes } = javaBatch('compacted, no record left');
  assert.equal(bytes.length, 61);
  assert.deepEqual(await decode(bytes), []);
  const refusal = /^Error: record batch at offset 42: expected 61 bytes/;
  bytes.writeInt32BE(48, 8);
  await assert.rejects(decode(bytes), refusal);
  bytes.writeInt32BE(0, 8);
  await assert.rejects(decode(bytes.subarray(0, 12)), refusal);
  assert.deepEqual(await decode(bytes.subarray(0, 11)), []);
});

test('damaged batches end in records or an error, never in a hang', async () => {
  const titles = javaBatches.map(({ title }) => title);
  const damage = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...titles), damage, async (title, places) => {
      const bytes = changed(title, (whole) => {
        for (const [place, byte] of places) whole[place % whole.length] = byte;
      });
      await decode(bytes).catch((error) => assert.ok(error instanceof Error));
    }),
    { numRuns: 2_000 },
  );
});
