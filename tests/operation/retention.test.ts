import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startBrokerAndRegistry } from '@order-stream/local-stack/broker-and-registry';
import { startConsumer } from '@order-stream/local-stack/consumer';
import { createOrderTopic } from '@order-stream/local-stack/order-topic';
import { committedOffsets, deleteRecords } from '@order-stream/local-stack/topics';
import { until } from '@order-stream/local-stack/until';
import { assertObserved } from './observer.ts';

const { broker, registry } = await startBrokerAndRegistry();
const { bootstrapServers } = broker;
const lost = 'orders_consumer_records_lost_to_retention_total';
const resets = 'orders_consumer_offset_resets_total';

test('records that retention took before they were read are counted and named, after a pause and after a restart', async (context) => {
  const { topic, groupId, write } = await createOrderTopic({
    bootstrapServers,
    registry,
    partitions: 2,
    partitionOf: () => 1,
  });
  const start = () => startConsumer({ context, bootstrapServers, registry, topic });
  const where = { bootstrapServers, groupId, topics: [topic] };

  const consumer = await start();
  await write(0, 10);
  await until('the first are printed', () => consumer.records().length === 10);
  await deleteRecords(bootstrapServers, topic, 1, 5n);
  await write(10, 10);
  await until('the next are printed', () => consumer.records().length === 20);
  assert.equal(await consumer.metric(lost), 0, 'records that were read are not lost');
  assert.equal(await consumer.metric(resets), 0, 'the next offset is still there');

  consumer.kill('SIGSTOP');
  // A fetch that waits at the broker gets the first record.
  await write(20, 1);
  await write(21, 29);
  await deleteRecords(bootstrapServers, topic, 1, 40n);
  consumer.kill('SIGCONT');
  await until('those that are left are printed', () =>
    consumer.records().some(({ offset }) => offset === 49),
  );
  const unread = 20 - consumer.records().filter(({ offset }) => offset >= 20 && offset < 40).length;
  assert.ok(unread >= 19);
  await until('the lost ones are counted', async () => (await consumer.metric(lost)) === unread);
  assert.equal(await consumer.metric(resets), 1);
  await assertObserved([consumer], where);
  assert.equal((await consumer.stop()).code, 0);

  await write(50, 50);
  await deleteRecords(bootstrapServers, topic, 1, 90n);
  const restarted = await start();
  await until('the last are printed', () => restarted.records().length === 10);
  await until('the lost ones are counted', async () => (await restarted.metric(lost)) === 40);
  const warned = restarted.logged(
    'records were deleted before they were read: reading goes on behind them',
  );
  assert.deepEqual(
    warned.map(({ topic, partition, from, to }) => ({ topic, partition, from, to })),
    [{ topic, partition: 1, from: '50', to: '90' }],
  );
  await assertObserved([restarted], where);
});

test('the offset behind deleted records is committed while the topic is idle: a restart does not count them again', async (context) => {
  const { topic, groupId, write } = await createOrderTopic({
    bootstrapServers,
    registry,
    partitions: 1,
  });
  const start = () => startConsumer({ context, bootstrapServers, registry, topic });
  const consumer = await start();
  await write(0, 10);
  await until('all are printed', () => consumer.records().length === 10);
  assert.equal((await consumer.stop()).code, 0);

  await write(10, 10);
  await deleteRecords(bootstrapServers, topic, 0, 20n);
  const restarted = await start();
  await until('the lost ones are counted', async () => (await restarted.metric(lost)) === 10);
  await until(
    'the offset behind them is committed',
    async () => (await committedOffsets(bootstrapServers, groupId, topic)).get(0) === 20n,
  );
  assert.equal((await restarted.stop()).code, 0);

  const again = await start();
  await write(20, 1);
  await until('the next is printed', () => again.records().length === 1);
  assert.equal(await again.metric(lost), 0);
});
