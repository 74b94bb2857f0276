import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startBrokerAndRegistry } from '@order-stream/local-stack/broker-and-registry';
import {
  createDeadLetterTopic,
  numberedOrders,
  orderFramer,
  startConsumer,
} from '@order-stream/local-stack/consumer';
import { startMoto } from '@order-stream/local-stack/moto';
import { createBucket } from '@order-stream/local-stack/order-bucket';
import { createTopic, isAllCommitted, writeRaw } from '@order-stream/local-stack/topics';
import { until } from '@order-stream/local-stack/until';

const { broker, registry } = await startBrokerAndRegistry();
const { bootstrapServers } = broker;

let moto: Awaited<ReturnType<typeof startMoto>>;
before(async () => {
  moto = await startMoto();
});
after(() => moto.stop());

test('S3-08 S3-09 each order is in one file, once, also when the consumer is killed between files', async (context) => {
  const topic = await createTopic(bootstrapServers);
  await createDeadLetterTopic(bootstrapServers, topic);
  const bucket = await createBucket(moto.endpoint);
  const frame = await orderFramer(registry, topic);
  const write = (first: number, count: number) =>
    writeRaw(bootstrapServers, topic, numberedOrders(first, count).map(frame));
  const start = () =>
    startConsumer({
      context,
      bootstrapServers,
      registry,
      topic,
      env: {
        ...moto.environment,
        SINKS: 's3',
        S3_BUCKET: bucket.name,
        S3_FORCE_PATH_STYLE: 'true',
        S3_FLUSH_RECORDS: '70',
        S3_FLUSH_MS: '1000',
        // A member that was killed is replaced at once.
        SESSION_TIMEOUT_MS: '6000',
        HEARTBEAT_INTERVAL_MS: '500',
      },
    });
  await write(0, 3_000);
  const killed = await start();
  await until('some files are stored', async () => (await bucket.keys()).length >= 5);
  await killed.kill();
  await write(3_000, 500);
  const consumer = await start();
  await until(
    'all is committed',
    () => isAllCommitted(bootstrapServers, `${topic}-group-01`, topic),
    60_000,
  );
  const { code } = await consumer.stop();
  assert.equal(code, 0);

  const files = await bucket.files();
  const next = new Map<string, bigint>();
  const orders = files.flatMap(({ key, body, metadata, contentType }) => {
    const { partition = '', 'first-offset': first = '', 'last-offset': last = '' } = metadata;
    assert.equal(
      key,
      `topics/${topic}/partition=${partition}/${topic}+${partition}+${first.padStart(10, '0')}.json`,
    );
    assert.equal(contentType, 'application/json');
    assert.equal(BigInt(first), next.get(partition) ?? 0n);
    next.set(partition, BigInt(last) + 1n);
    return body
      .toString()
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line));
  });
  assert.equal(orders.length, 3_500);
  const byId = new Map(orders.map((order) => [order.order_id, order]));
  for (const order of numberedOrders(0, 3_000))
    assert.deepEqual(byId.get(order.order_id), order, order.order_id);
  assert.equal(byId.size, 3_500);
  assert.deepEqual(consumer.stdout(), []);
});
