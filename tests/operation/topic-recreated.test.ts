import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { startBrokerAndRegistry } from '@order-stream/local-stack/broker-and-registry';
import { type ConsumerProcess, startConsumer } from '@order-stream/local-stack/consumer';
import { createOrderTopic } from '@order-stream/local-stack/order-topic';
import {
  createTopicNamed,
  deleteTopic,
  isAllCommitted,
  rawKafka,
  recreateTopic,
} from '@order-stream/local-stack/topics';
import { until } from '@order-stream/local-stack/until';
import { assertObserved } from './observer.ts';

const { broker, registry } = await startBrokerAndRegistry();
const { bootstrapServers } = broker;

async function topicWithOrders(partitions: number) {
  const orders = await createOrderTopic({ bootstrapServers, registry, partitions });
  const { topic, groupId } = orders;
  return {
    ...orders,
    observe: (consumer: ConsumerProcess) =>
      assertObserved([consumer], { bootstrapServers, groupId, topics: [topic] }),
    allCommitted: () =>
      until('every record is committed', () => isAllCommitted(bootstrapServers, groupId, topic)),
  };
}

const numbersOf = (consumer: ConsumerProcess) =>
  consumer.records().map(({ value }) => Number(value.order_id.slice('order-'.length)));
const isPrinted = (consumer: ConsumerProcess, first: number, count: number) => {
  const printed = new Set(numbersOf(consumer));
  return Array.from({ length: count }, (_, i) => first + i).every((one) => printed.has(one));
};

test('F06 a topic is deleted and created again: every record of the new one is read and committed, none again after a restart', {
  concurrency: 2,
}, async (context) => {
  await Promise.all(
    [
      { name: 'with as many partitions and fewer records', before: 6, after: 6, records: 60 },
      { name: 'with fewer partitions', before: 6, after: 2, records: 60 },
      { name: 'with more partitions', before: 2, after: 6, records: 60 },
      { name: 'and at once longer than the old log', before: 6, after: 6, records: 900 },
    ].map((one) => context.test(`F06 ${one.name}`, (inner) => recreated(inner, one))),
  );
});

async function recreated(
  context: TestContext,
  { before, after, records }: { before: number; after: number; records: number },
): Promise<void> {
  const { topic, write, observe, allCommitted } = await topicWithOrders(before);
  const start = () => startConsumer({ context, bootstrapServers, registry, topic });
  const consumer = await start();
  await write(0, 300);
  await until('the first are printed', () => isPrinted(consumer, 0, 300));

  await recreateTopic(bootstrapServers, topic, { partitions: after });
  await write(1_000, records);
  await until('those of the new topic are printed', () => isPrinted(consumer, 1_000, records));
  await allCommitted();
  await observe(consumer);
  assert.equal(await consumer.metric('orders_consumer_lag_seconds'), 0);
  const resets = await consumer.metric('orders_consumer_offset_resets_total');
  assert.equal(resets, Math.min(before, after), 'one for each partition that was read before');

  assert.equal((await consumer.stop()).code, 0);
  const restarted = await start();
  await write(9_000, 10);
  await until('the last are printed', () => isPrinted(restarted, 9_000, 10));
  assert.deepEqual(
    numbersOf(restarted).filter((one) => one < 9_000),
    [],
  );
  await observe(restarted);
}

test('F06 a topic is created again while a batch of the old one is in flight, and while nobody reads', async (context) => {
  const { topic, groupId, write, observe, allCommitted } = await topicWithOrders(1);
  const consumer = await startConsumer({ context, bootstrapServers, registry, topic });
  await write(0, 20);
  await until('the first are printed', () => isPrinted(consumer, 0, 20));
  // Fetched or not, printed or not: the process stands still between two steps.
  const writing = write(20, 5_000);
  await until('some are printed', () => numbersOf(consumer).length > 20);
  consumer.kill('SIGSTOP');
  await writing;
  await recreateTopic(bootstrapServers, topic, { partitions: 1 });
  await write(10_000, 100);
  consumer.kill('SIGCONT');
  await until('those of the new topic are printed', () => isPrinted(consumer, 10_000, 100));
  await allCommitted();

  // No fetch finds the topic missing or its offset out of range: only the id of the topic tells the logs apart.
  consumer.kill('SIGSTOP');
  await recreateTopic(bootstrapServers, topic, { partitions: 1 });
  await write(15_000, 300);
  consumer.kill('SIGCONT');
  await until('all of the longer topic are printed', () => isPrinted(consumer, 15_000, 300));
  await allCommitted();
  await observe(consumer);
  assert.equal((await consumer.stop()).code, 0);

  // The broker deletes the group's offsets together with the topic. Another program may commit an old one afterwards.
  await recreateTopic(bootstrapServers, topic, { partitions: 1 });
  await write(20_000, 50);
  const admin = rawKafka(bootstrapServers).admin();
  context.after(() => admin.disconnect());
  await admin.connect();
  await admin.setOffsets({ groupId, topic, partitions: [{ partition: 0, offset: '5000' }] });
  const restarted = await startConsumer({ context, bootstrapServers, registry, topic });
  await until('all of the new topic are printed', () => isPrinted(restarted, 20_000, 50));
  await allCommitted();
  await observe(restarted);
});

test('F06 a missing topic, or a missing dead-letter topic, stops only its own records, and is read when it exists', async (context) => {
  const first = await topicWithOrders(3);
  const second = await topicWithOrders(3);
  const dead = `${second.topic}.dlq`;
  await deleteTopic(bootstrapServers, second.topic);
  const consumer = await startConsumer({
    context,
    bootstrapServers,
    registry,
    topic: `${first.topic},${second.topic}`,
    waitUntilReady: false,
  });
  const missing = (topic: string) =>
    until('readiness names the missing topic', async () =>
      (await consumer.faults('/readyz')).some((fault) => fault === `missing topics: ${topic}`),
    );
  await missing(second.topic);
  await first.write(0, 30);
  await until('the other topic is read', () => isPrinted(consumer, 0, 30));
  assert.equal(await consumer.metric('orders_consumer_missing_topics'), 1);
  assert.equal(await consumer.metric('orders_consumer_outside_group_seconds'), 0);

  await createTopicNamed(bootstrapServers, second.topic, { partitions: 3 });
  await second.write(100, 30);
  await until('the new topic is read', () => isPrinted(consumer, 100, 30));

  await deleteTopic(bootstrapServers, dead);
  await missing(dead);
  await second.write(200, 30);
  await first.write(300, 30);
  await until('the other topic is read', () => isPrinted(consumer, 300, 30));
  await createTopicNamed(bootstrapServers, dead);
  await until('the waiting records are read', () => isPrinted(consumer, 200, 30));

  await deleteTopic(bootstrapServers, second.topic);
  await missing(second.topic);
  await first.write(400, 30);
  await until('the other topic is read', () => isPrinted(consumer, 400, 30));
  await createTopicNamed(bootstrapServers, second.topic, { partitions: 3 });
  await second.write(500, 30);
  await until('the topic that was created again is read', () => isPrinted(consumer, 500, 30));
  await assertObserved([consumer], {
    bootstrapServers,
    groupId: first.groupId,
    topics: [first.topic, second.topic],
  });
});
