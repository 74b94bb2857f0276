import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startBrokerAndRegistry } from '@order-stream/local-stack/broker-and-registry';
import { startConsumer } from '@order-stream/local-stack/consumer';
import { createOrderTopic } from '@order-stream/local-stack/order-topic';
import { rawKafka } from '@order-stream/local-stack/topics';
import { until } from '@order-stream/local-stack/until';
import { foreignView } from './foreign-view.ts';
import { assertObserved } from './observer.ts';

const { broker, registry } = await startBrokerAndRegistry();
const { bootstrapServers } = broker;

test('F08 records behind an open transaction are not counted as lag: they are counted apart, named, and read when it has ended', async (context) => {
  const { topic, groupId, records, write } = await createOrderTopic({
    bootstrapServers,
    registry,
    partitions: 2,
    partitionOf: () => 1,
  });
  const where = { bootstrapServers, groupId, topics: [topic] };
  const consumer = await startConsumer({ context, bootstrapServers, registry, topic });
  await write(0, 10);
  await until('the records before it are printed', () => consumer.records().length === 10);

  const producer = rawKafka(bootstrapServers).producer({
    transactionalId: topic,
    idempotent: true,
    maxInFlightRequests: 1,
    transactionTimeout: 300_000,
  });
  context.after(() => producer.disconnect());
  await producer.connect();
  const transaction = await producer.transaction();
  await transaction.send({ topic, messages: records(100, 5) });
  await write(200, 20);

  const waiting = `${topic}/1`;
  await until('readiness names the partition', async () =>
    (await consumer.faults('/readyz')).some(
      (fault) => fault.includes('open transaction') && fault.includes(waiting),
    ),
  );
  assert.equal(await consumer.metric('orders_consumer_open_transaction_records'), 25);
  assert.ok((await consumer.metric('orders_consumer_open_transaction_seconds')) >= 15);
  assert.equal(await consumer.metric('orders_consumer_lag_records'), 0);
  assert.equal(await consumer.metric('orders_consumer_lag_seconds'), 0);
  assert.deepEqual(await consumer.faults('/healthz'), []);
  const [warned] = consumer.logged('records wait behind an open transaction');
  assert.deepEqual([warned?.topic, warned?.partition, warned?.records], [topic, 1, 25]);
  const seen = (await foreignView(bootstrapServers, groupId, [topic])).partitions[1];
  assert.equal((seen?.end ?? 0) - (seen?.stable ?? 0), 25, 'as another client sees it');
  assert.equal(consumer.records().length, 10);

  await transaction.commit();
  await until('what can be read is printed', () => consumer.records().length === 35);
  await assertObserved([consumer], where);
  assert.equal(await consumer.metric('orders_consumer_open_transaction_records'), 0);

  // The end of a transaction takes an offset too, which is read and committed without a record.
  const last = await producer.transaction();
  await last.send({ topic, messages: records(300, 3) });
  await last.abort();
  await assertObserved([consumer], where);
  assert.equal(consumer.records().length, 35);
});
