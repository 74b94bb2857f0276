import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  apiVersions,
  clientOf,
  int16,
  int32,
  startBroker,
  text,
} from './testing/protocol-broker.ts';

// patches/kafkajs@2.2.4.patch lets the admin client tell records behind an open transaction from those that a reader can read.
const metadata = 3;
const listOffsets = 2;
const one = int32(1);
const int64 = (value: number) => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(BigInt(value));
  return bytes;
};
const versions = [
  [apiVersions, 1],
  [metadata, 1],
  [listOffsets, 2],
] as const;

/** Offsets of a log that gets a record between every two requests, and has had an open transaction since `openSince`. */
async function offsetsOf(openSince = Number.POSITIVE_INFINITY) {
  let end = 100;
  const broker = await startBroker((apiKey, request) => {
    if (apiKey === apiVersions) {
      const ranges = versions.map(([key, highest]) =>
        Buffer.concat([int16(key), int16(0), int16(highest)]),
      );
      return Buffer.concat([int16(0), int32(ranges.length), ...ranges, int32(0)]);
    }
    if (apiKey !== listOffsets) return undefined;
    end += 1;
    // isolation level, number of topics, topic, number of partitions, partition, timestamp
    const at = request.indexOf('orders');
    const readsCommitted = request[at - 7] === 1;
    const isEarliest = request.readBigInt64BE(at + 'orders'.length + 8) === -2n;
    const latest = readsCommitted ? Math.min(end, openSince) : end;
    const partition = [int32(0), int16(0), int64(-1), int64(isEarliest ? 0 : latest)];
    return Buffer.concat([int32(0), one, text('orders'), one, ...partition]);
  });
  const admin = clientOf(broker.address).client.admin();
  await admin.connect();
  const [offsets] = await admin.fetchTopicOffsets('orders');
  await admin.disconnect();
  assert.ok(offsets);
  return {
    low: Number(offsets.low),
    high: Number(offsets.high),
    end: Number(offsets.highWatermark),
  };
}

test('without a transaction, the last stable offset is not behind the high watermark while records are written', async () => {
  const { low, high, end } = await offsetsOf();
  assert.equal(low, 0);
  assert.ok(high >= end && end > 100);
});

test('an open transaction holds the last stable offset, not the high watermark', async () => {
  const { high, end } = await offsetsOf(90);
  assert.deepEqual([high, end > 100], [90, true]);
});
