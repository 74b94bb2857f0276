import assert from 'node:assert/strict';
import { after, before, type TestContext, test } from 'node:test';
import {
  createDeadLetterTopic,
  numberedOrders,
  orderFramer,
  startConsumer,
} from '@order-stream/local-stack/consumer';
import { type LocalRegistry, startGlueLocal } from '@order-stream/local-stack/glue-local';
import { type Broker, startBroker } from '@order-stream/local-stack/kafka-broker';
import { createTopic, endOffsets, rawKafka } from '@order-stream/local-stack/topics';
import { until } from '@order-stream/local-stack/until';
import type { ForeignProcess } from './foreign-process.ts';
import { startJavaProgram } from './java-library.ts';

// Kafka’s own client writes, and the consumer reads. Each title begins with a row of docs/records.md.

let broker: Broker;
let registry: LocalRegistry;
let java: ForeignProcess;
before(async () => {
  [broker, registry, java] = await Promise.all([
    startBroker(),
    startGlueLocal(),
    startJavaProgram('WriteTopic.java'),
  ]);
});
after(async () => {
  await java?.close();
  await registry?.close();
  await broker?.stop();
});

interface How {
  compression?: 'gzip' | 'snappy' | 'lz4' | 'zstd';
  transaction?: 'commit' | 'abort';
  /** Length of each `user_id`, with which a record can be made large. */
  length?: number;
}

/** A topic with one partition, to which Kafka's own client writes numbered orders. */
async function javaTopic(config: Record<string, string> = {}) {
  const { bootstrapServers } = broker;
  const topic = await createTopic(bootstrapServers, { partitions: 1, config });
  await createDeadLetterTopic(bootstrapServers, topic, 1);
  const frame = await orderFramer(registry, topic);
  return {
    topic,
    async write(first: number, count: number, { length = 5, ...how }: How = {}) {
      const values = numberedOrders(first, count).map((order) =>
        frame({ ...order, user_id: 'x'.repeat(length) }).value.toString('base64'),
      );
      await java.call({ bootstrapServers, topic, values, ...how });
    },
  };
}

/** The numbers of the orders that the consumer prints until it has committed all offsets. Nothing is a dead letter. */
async function consumed(context: TestContext, topic: string, env: Record<string, string> = {}) {
  const { bootstrapServers } = broker;
  const consumer = await startConsumer({ context, bootstrapServers, registry, topic, env });
  const admin = rawKafka(bootstrapServers).admin();
  await admin.connect();
  context.after(() => admin.disconnect());
  const end = String(await endOf(topic));
  await until('every offset is committed', async () => {
    const [group] = await admin.fetchOffsets({ groupId: `${topic}-group-01`, topics: [topic] });
    return group?.partitions[0]?.offset === end;
  });
  assert.equal((await consumer.stop()).code, 0);
  assert.equal(await endOf(`${topic}.dlq`), 0n);
  return consumer.records();
}

/** The next offset of a topic's only partition. A new topic can be without a leader for a moment. */
function endOf(topic: string): Promise<bigint> {
  return until(`${topic} has a leader`, async () =>
    (await endOffsets(broker.bootstrapServers, topic)).get(0),
  );
}

const numbersOf = (records: readonly { value: object }[]) =>
  records.map(({ value }) => {
    const { order_items } = value as { order_items: [{ product_id: number }] };
    return order_items[0].product_id;
  });
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index);

test('compressed batch: gzip, snappy, lz4 and zstd batches are read like others', async (context) => {
  // Each batch exceeds the limit unless it is compressed.
  const { topic, write } = await javaTopic({ 'max.message.bytes': '20000' });
  for (const [index, compression] of (['gzip', 'snappy', 'lz4', 'zstd'] as const).entries())
    await write(index * 100, 100, { compression, length: 1_000 });
  assert.deepEqual(numbersOf(await consumed(context, topic)), upTo(400));
});

test('committed transaction: its records are read in their order, and its end is committed as an offset', async (context) => {
  const { topic, write } = await javaTopic();
  await write(0, 3);
  await write(3, 3, { transaction: 'commit' });
  assert.deepEqual(numbersOf(await consumed(context, topic)), upTo(6));
});

test('aborted transaction: its records are unseen, whatever surrounds them', async (context) => {
  const { topic, write } = await javaTopic();
  await write(900, 3, { transaction: 'abort' });
  await write(0, 3);
  await write(910, 200, { transaction: 'abort', compression: 'zstd' });
  await write(3, 3, { transaction: 'commit' });
  await write(990, 3, { transaction: 'abort' });
  const records = await consumed(context, topic);
  assert.deepEqual(numbersOf(records), upTo(6));
  // Three aborted records and the end of their transaction come before.
  assert.equal(records[0]?.offset, 4);
});

test('larger than MAX_PARTITION_FETCH_BYTES: the record is read, and so are those around it', async (context) => {
  const { topic, write } = await javaTopic();
  await write(0, 1);
  await write(1, 1, { length: 500_000 });
  await write(2, 1);
  const records = await consumed(context, topic, { MAX_PARTITION_FETCH_BYTES: '1024' });
  assert.deepEqual(numbersOf(records), upTo(3));
});

test('S0-18 timestamp of the broker: is printed with timestamp_type 1', async (context) => {
  const { topic, write } = await javaTopic({ 'message.timestamp.type': 'LogAppendTime' });
  await write(0, 1);
  const [record] = await consumed(context, topic);
  assert.equal(record?.timestamp_type, 1);
  assert.ok(Math.abs(Date.parse(record.timestamp) - Date.now()) < 600_000);
});
