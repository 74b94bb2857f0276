import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startBrokerAndRegistry } from '@order-stream/local-stack/broker-and-registry';
import {
  createDeadLetterTopic,
  numberedOrders,
  orderFramer,
  startConsumer,
} from '@order-stream/local-stack/consumer';
import { createTopic, isAllCommitted, writeRaw } from '@order-stream/local-stack/topics';
import { until } from '@order-stream/local-stack/until';

const { broker, registry } = await startBrokerAndRegistry();

async function ordersTopic(): Promise<string> {
  const topic = await createTopic(broker.bootstrapServers);
  await createDeadLetterTopic(broker.bootstrapServers, topic);
  return topic;
}

async function writeOrders(topic: string, first: number, count: number): Promise<void> {
  const frame = await orderFramer(registry, topic);
  await writeRaw(broker.bootstrapServers, topic, numberedOrders(first, count).map(frame));
}

test('S0-17 S0-18 a new group prints existing records as JSON lines and commits them', async (context) => {
  const topic = await ordersTopic();
  const frame = await orderFramer(registry, topic);
  const orders = numberedOrders(0, 999);
  const largeOrder = {
    ...numberedOrders(999, 1)[0],
    order_items: [{ product_id: 2n ** 63n - 1n, quantity: 1 }],
  };
  orders.push(largeOrder as (typeof orders)[number]);
  await writeRaw(broker.bootstrapServers, topic, orders.map(frame));

  const consumer = await startConsumer({
    context,
    bootstrapServers: broker.bootstrapServers,
    registry,
    topic,
  });
  await until('all are printed', () => consumer.stdout().length >= 1000);
  await until('all are committed', () =>
    isAllCommitted(broker.bootstrapServers, `${topic}-group-01`, topic),
  );
  const { code } = await consumer.stop();
  assert.equal(code, 0);

  const records = consumer.records();
  assert.equal(records.length, 1000);
  const byId = new Map(orders.map((order) => [order.order_id, order]));
  const nextOffset = new Map<number, number>();
  for (const record of records) {
    assert.deepEqual(Object.keys(record), [
      'topic',
      'partition',
      'offset',
      'timestamp',
      'timestamp_type',
      'key',
      'value',
      'headers',
    ]);
    assert.equal(record.topic, topic);
    assert.equal(record.offset, nextOffset.get(record.partition) ?? 0);
    nextOffset.set(record.partition, record.offset + 1);
    assert.equal(new Date(record.timestamp).toISOString(), record.timestamp);
    assert.equal(record.timestamp_type, 0);
    assert.equal(record.key, `{"order_id": "${record.value.order_id}"}`);
    const order = byId.get(record.value.order_id);
    assert.ok(order);
    const { ordered_at } = order;
    assert.deepEqual(record.value, { ...order, ordered_at: new Date(ordered_at).toISOString() });
    assert.deepEqual(record.headers, {});
    byId.delete(record.value.order_id);
  }
  assert.equal(byId.size, 0);
  assert.equal(consumer.stdout().filter((line) => line.includes(':9223372036854775807')).length, 1);
});

test('D-04 two consumers share a group, and when one is killed the other takes over', async (context) => {
  const topic = await ordersTopic();
  const { bootstrapServers } = broker;
  const env = { SESSION_TIMEOUT_MS: '10000' };
  const start = () => startConsumer({ context, bootstrapServers, registry, topic, env });
  const [one, other] = await Promise.all([start(), start()]);
  let written = 0;
  const writeUntil = (
    condition: string,
    check: () => boolean | Promise<boolean>,
    timeoutMs: number,
  ) =>
    until(
      condition,
      async () => {
        await writeOrders(topic, written, 60);
        written += 60;
        return check();
      },
      timeoutMs,
    );
  await writeUntil(
    'both print',
    () => one.stdout().length > 0 && other.stdout().length > 0,
    30_000,
  );
  one.kill('SIGKILL');
  await one.exited;
  let printedBefore = 0;
  // The coordinator removes the dead member when its session expires.
  await writeUntil(
    'the other member has every partition',
    async () => {
      const printed = other.records().length;
      if ((await assignedTo(other)) === 6) return true;
      printedBefore = printed;
      return false;
    },
    60_000,
  );
  const last = written;
  await writeOrders(topic, last, 60);
  await until('all are printed', () => {
    const printed = new Set([...one.records(), ...other.records()].map(orderNumber));
    return printed.size === last + 60;
  });
  const { code } = await other.stop();
  assert.equal(code, 0);
  assertInOrder(one.records());
  // The other member rereads the uncommitted records and then continues in order.
  const partitions = assertInOrder(other.records().slice(printedBefore));
  assert.equal(partitions, 6);
});

/** @returns the number of partitions of the records */
function assertInOrder(records: readonly { partition: number; offset: number }[]): number {
  const last = new Map<number, number>();
  for (const { partition, offset } of records) {
    assert.equal(offset, (last.get(partition) ?? offset - 1) + 1);
    last.set(partition, offset);
  }
  return last.size;
}

const orderNumber = ({ value }: { value: Record<string, unknown> }) =>
  (value.order_items as { product_id: number }[])[0]?.product_id;

async function assignedTo(consumer: { logged(message: string): Record<string, unknown>[] }) {
  const last = consumer.logged('joined the group').at(-1);
  const assignment = (last?.assignment ?? {}) as Record<string, number[]>;
  return Object.values(assignment).flat().length;
}
