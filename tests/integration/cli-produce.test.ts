import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  glueSettings,
  type LocalRegistry,
  startGlueLocal,
} from '@order-stream/local-stack/glue-local';
import { type Broker, startBroker } from '@order-stream/local-stack/kafka-broker';
import { type ProducerProcess, startProducer } from '@order-stream/local-stack/producer';
import { decodedOrder } from '@order-stream/local-stack/reference-order';
import { startService } from '@order-stream/local-stack/service-process';
import { createTopic, readAll } from '@order-stream/local-stack/topics';
import { createOrderGenerator } from '@order-stream/orders-cli';
import { createDeserializer } from '@order-stream/serde';
import { createGlueRegistry } from '@order-stream/serde/glue';

let broker: Broker;
let registry: LocalRegistry;
let producer: ProducerProcess;
let topic: string;

before(async () => {
  [broker, registry] = await Promise.all([startBroker(), startGlueLocal()]);
  topic = await createTopic(broker.bootstrapServers);
  producer = await startProducer({ bootstrapServers: broker.bootstrapServers, registry, topic });
});
after(async () => {
  await producer?.stop(10_000);
  await registry?.close();
  await broker?.stop();
});

async function produce(args: string[]) {
  const process = await startService({
    main: 'packages/orders-cli/src/main.ts',
    args: ['produce', '--url', producer.url, '--json', ...args],
    env: {},
  });
  const { code } = await process.exited;
  const [line] = process.stdout();
  return { code, summary: JSON.parse(line ?? 'null'), stderr: process.stderr().join('\n') };
}

async function decodedOrders() {
  const reader = createGlueRegistry(glueSettings(registry));
  const deserializer = createDeserializer({ registry: reader });
  const orders = [];
  for (const { key, value } of await readAll(broker.bootstrapServers, topic)) {
    const { value: order } = await deserializer.deserialize(value as Buffer);
    const { order_id } = order as { order_id: string };
    assert.equal(key?.toString(), `{"order_id": "${order_id}"}`);
    orders.push(order as ReturnType<ReturnType<typeof createOrderGenerator>['next']>);
  }
  reader.close();
  return orders;
}

const byId = (one: { order_id: string }, other: { order_id: string }) =>
  one.order_id < other.order_id ? -1 : 1;

test('S0-25 S0-12 `orders produce --count 100` writes exactly the 100 orders of its seed to the topic', async () => {
  const startedMs = Date.now();
  const { code, summary, stderr } = await produce(['--count', '100', '--seed', 'one-run']);
  assert.equal(code, 0, stderr);
  assert.equal(summary.sent, 100);
  assert.equal(summary.acknowledged, 100);
  assert.deepEqual(summary.reasons, {});
  assert.ok(summary.latency_ms.p50 > 0 && summary.latency_ms.p50 <= summary.latency_ms.p99);

  const orders = await decodedOrders();
  const generator = createOrderGenerator('one-run');
  const expected = Array.from({ length: 100 }, () => decodedOrder(generator.next(0)));
  assert.deepEqual(
    orders.map((order) => ({ ...order, ordered_at: 0 })).sort(byId),
    expected.sort(byId),
  );
  for (const { ordered_at } of orders) {
    assert.ok(ordered_at >= startedMs && ordered_at <= Date.now(), String(ordered_at));
  }
});

test('S0-13 five concurrent generators with different seeds lose and repeat no order', async () => {
  const before = (await readAll(broker.bootstrapServers, topic)).length;
  const runs = await Promise.all(
    Array.from({ length: 5 }, () => produce(['--count', '400', '--rate', '0'])),
  );
  for (const { code, summary, stderr } of runs) {
    assert.equal(code, 0, stderr);
    assert.equal(summary.acknowledged, 400);
  }
  const ids = (await decodedOrders()).map(({ order_id }) => order_id);
  assert.equal(ids.length, before + 2000);
  assert.equal(new Set(ids).size, ids.length);
});
