import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { startBrokerAndRegistry } from '@order-stream/local-stack/broker-and-registry';
import { createDeadLetterTopic, startConsumer } from '@order-stream/local-stack/consumer';
import { startProducer } from '@order-stream/local-stack/producer';
import {
  addPartitions,
  createTopic,
  createTopicNamed,
  deleteTopic,
  endOffsets,
  isAllCommitted,
  readAll,
  writeRaw,
} from '@order-stream/local-stack/topics';
import { until } from '@order-stream/local-stack/until';
import { assertAllConsumed, assertObserved } from './observer.ts';
import { startLoad } from './order-load.ts';

const { broker, registry } = await startBrokerAndRegistry();
const { bootstrapServers } = broker;

async function producerOf(context: TestContext, topic: string, env: Record<string, string> = {}) {
  const producer = await startProducer({ bootstrapServers, registry, topic, env });
  context.after(() => producer.kill());
  return producer;
}

test('F02 partitions added to a running topic are written to within 5 s and read within 30 s by every member, and no order is rejected', async (context) => {
  const topic = await createTopic(bootstrapServers);
  await createDeadLetterTopic(bootstrapServers, topic);
  const options = { bootstrapServers, registry, topic, context };
  const producer = await producerOf(context, topic);
  const consumers = [await startConsumer(options), await startConsumer(options)];
  const load = startLoad(context, producer);
  await load.flows(200);
  const rebalances = () =>
    Promise.all(consumers.map(({ metric }) => metric('orders_rebalances_total')));
  const before = await rebalances();

  await addPartitions(bootstrapServers, topic, 12);
  const addedAtMs = Date.now();
  const partitionsOf = (records: readonly { partition: number | undefined }[]) =>
    new Set(records.map(({ partition }) => partition)).size;
  await until('every partition is written to', () => partitionsOf(load.acknowledged()) === 12);
  // By the times of the answers: this process may read them late.
  const within5s = load
    .acknowledged()
    .filter(({ sentAtMs, tookMs }) => sentAtMs + tookMs <= addedAtMs + 5_000);
  assert.equal(partitionsOf(within5s), 12, 'every partition is written to within 5 s');
  await until(
    'every partition is read',
    () => partitionsOf(consumers.flatMap((one) => one.records())) === 12,
    30_000,
  );
  await load.flows(200);
  await load.stop();

  assert.deepEqual(load.rejected(), []);
  await assertAllConsumed(load, consumers, { topic });
  await assertObserved(consumers, {
    bootstrapServers,
    groupId: `${topic}-group-01`,
    topics: [topic],
  });
  for (const [index, count] of (await rebalances()).entries())
    assert.ok(count - (before[index] ?? 0) <= 2, 'members join together, not one after another');
});

test('F02 partitions added to a running dead-letter topic: each dead letter is written once, and the orders behind it are printed', async (context) => {
  const topic = await createTopic(bootstrapServers);
  const deadLetterTopic = await createDeadLetterTopic(bootstrapServers, topic);
  const groupId = `${topic}-group-01`;
  const producer = await producerOf(context, topic);
  const consumer = await startConsumer({
    bootstrapServers,
    registry,
    topic,
    context,
    // Nearly all records of this topic are refused on purpose.
    env: { DLQ_LIMIT_PERCENT: '0', DLQ_LIMIT_CONSECUTIVE: '0' },
  });
  let poisoned = 0;
  const poison = async () => {
    const values = Array.from({ length: 50 }, () => ({ key: `k${poisoned++}`, value: 'zz' }));
    await writeRaw(bootstrapServers, topic, values);
  };
  const letters = async () => {
    const ends = await endOffsets(bootstrapServers, deadLetterTopic);
    return [...ends].map(([partition, end]) => ({ partition, count: Number(end) }));
  };
  const total = async () => (await letters()).reduce((sum, { count }) => sum + count, 0);

  await poison();
  await until('50 dead letters', async () => (await total()) === 50);
  await addPartitions(bootstrapServers, deadLetterTopic, 12);
  await until('the new partitions have dead letters', async () => {
    await poison();
    return (await letters()).some(({ partition, count }) => partition >= 6 && count > 0);
  });
  const load = startLoad(context, producer);
  await load.flows(200);
  await load.stop();
  await assertAllConsumed(load, [consumer], { topic, once: true });
  await until('all is committed', () => isAllCommitted(bootstrapServers, groupId, topic));
  assert.equal(await total(), poisoned, 'no dead letter is repeated');
  await assertObserved([consumer], { bootstrapServers, groupId, topics: [topic] });
});

for (const partitions of [3, 12])
  test(`F02 a topic of 6 partitions that is deleted and made again with ${partitions}: no order is in doubt, and none of the new topic is lost`, async (context) => {
    const topic = await createTopic(bootstrapServers);
    const producer = await producerOf(context, topic, { REQUEST_TIMEOUT_MS: '3000' });
    const load = startLoad(context, producer);
    await load.flows(200);
    await deleteTopic(bootstrapServers, topic);
    const deletedAtMs = Date.now();
    await until('an order is rejected', () => load.rejected().length > 0);
    await createTopicNamed(bootstrapServers, topic, { partitions });
    const madeAtMs = Date.now();
    const written = () => load.acknowledged().filter(({ sentAtMs }) => sentAtMs > madeAtMs);
    await until(
      'every partition is written to',
      () => new Set(written().map(({ partition }) => partition)).size === partitions,
    );
    await until('orders are no longer rejected', () =>
      load.posted.slice(-400).every(({ status }) => status === 201),
    );
    await load.stop();
    // What was in flight when the topic went may have been written to it, so its doubt is honest.
    const before = load.inDoubt().filter(({ sentAtMs }) => sentAtMs <= deletedAtMs);
    const others = load.rejected().filter((one) => !before.includes(one));
    const unexpected = others.filter(({ problem }) => problem !== 'broker-unavailable');
    const times = { deletedAtMs, madeAtMs };
    assert.deepEqual({ ...times, unexpected }, { ...times, unexpected: [] });
    const keys = (await readAll(bootstrapServers, topic)).map(({ key }) => String(key));
    const onTopic = new Set(keys);
    for (const { id } of written())
      assert.ok(onTopic.has(`{"order_id": "${id}"}`), `${id} is lost`);
    assert.equal(onTopic.size, keys.length, 'no order is written twice');
  });
