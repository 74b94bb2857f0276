import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { startGlueLocal } from '@order-stream/local-stack/glue-local';
import { type OwnBroker, startOwnBroker } from '@order-stream/local-stack/kafka-broker';
import { freePort } from '@order-stream/local-stack/ports';
import { type ProducerProcess, startProducer } from '@order-stream/local-stack/producer';
import { referenceOrder } from '@order-stream/local-stack/reference-order';
import { createTopic, createTopicNamed, readAll } from '@order-stream/local-stack/topics';
import { until } from '@order-stream/local-stack/until';

let broker: OwnBroker;
before(async () => {
  broker = await startOwnBroker();
});
after(() => broker.stop());

const order = { user_id: 'outage', order_items: [{ product_id: 1, quantity: 1 }] };

const ready = (producer: ProducerProcess) =>
  until('ready', async () => (await producer.faults('/readyz')).length === 0);

test('a producer that starts before registry, topic and broker answers 503 with Retry-After and becomes ready without a restart', async () => {
  const topic = `orders-late-${Date.now()}`;
  const registryPort = await freePort();
  await broker.kill();
  const producer = await startProducer({
    bootstrapServers: broker.bootstrapServers,
    registry: { endpoint: `http://127.0.0.1:${registryPort}` },
    topic,
    waitUntilReady: false,
  });
  try {
    await until(
      'readiness reports both faults',
      async () => (await producer.faults('/readyz')).length === 2,
    );
    const early = await producer.post(order);
    assert.equal(early.status, 503);
    assert.equal(early.headers.get('retry-after'), '1');
    assert.equal(early.body.type, 'urn:order-stream:problem:registry-unavailable');

    const registry = await startGlueLocal({ port: registryPort });
    try {
      await until(
        'the schema is registered',
        async () => (await producer.faults('/readyz')).length === 1,
      );
      const brokerless = await producer.post(order);
      assert.equal(brokerless.status, 503);
      assert.equal(brokerless.body.type, 'urn:order-stream:problem:broker-unavailable');

      await broker.start();
      await until('the missing topic is named', async () =>
        (await producer.faults('/readyz')).some((fault) =>
          fault.includes(`topic ${topic} does not exist`),
        ),
      );
      await createTopicNamed(broker.bootstrapServers, topic);
      await ready(producer);
      assert.equal((await producer.post(referenceOrder)).status, 201);
    } finally {
      await registry.close();
    }
    assert.equal((await producer.post(order)).status, 201, 'a known schema needs no registry');
  } finally {
    await producer.stop(10_000);
  }
});

test('P1 P5 when the broker is killed, every request is answered within its deadline, and all orders answered 201 are on the topic', async () => {
  const topic = await createTopic(broker.bootstrapServers);
  const registry = await startGlueLocal();
  const producer = await startProducer({
    bootstrapServers: broker.bootstrapServers,
    registry,
    topic,
    env: { REQUEST_TIMEOUT_MS: '2000' },
  });
  const acknowledged = new Set<string>();
  const statuses = new Set<number>();
  let slowestMs = 0;
  let slowestRefusedMs = 0;
  let posting = true;
  /** Answered without the broker: how long this machine takes, however busy it is. */
  const control = (async () => {
    while (posting) {
      const startedAt = performance.now();
      assert.equal((await producer.post({})).status, 422);
      slowestRefusedMs = Math.max(slowestRefusedMs, performance.now() - startedAt);
      await pause(20);
    }
  })();
  const clients = Array.from({ length: 20 }, async () => {
    while (posting) {
      const startedAt = performance.now();
      const { status, headers, body } = await producer.post(order);
      slowestMs = Math.max(slowestMs, performance.now() - startedAt);
      statuses.add(status);
      if (status === 503) assert.equal(headers.get('retry-after'), '1');
      if (status === 201) acknowledged.add(String(body.order_id));
    }
  });
  try {
    await until('orders flow', () => acknowledged.size > 200);
    await broker.kill();
    await until('requests are rejected', () => statuses.has(503));
    await until('readiness fails', async () => (await producer.faults('/readyz')).length > 0);
    const before = acknowledged.size;
    await broker.start();
    await until('orders flow again', () => acknowledged.size > before + 200);
    await ready(producer);
  } finally {
    posting = false;
    await Promise.all([control, ...clients]);
    await producer.stop(10_000);
    await registry.close();
  }
  assert.deepEqual([...statuses].sort(), [201, 503]);
  // The deadline, and the time of a busy machine for any answer.
  const mostMs = 2_000 + 1_500 + slowestRefusedMs;
  assert.ok(slowestMs < mostMs, `${Math.round(slowestMs)} of ${Math.round(mostMs)} ms`);
  const keys = new Set(
    (await readAll(broker.bootstrapServers, topic)).map(({ key }) => String(key)),
  );
  for (const id of acknowledged) assert.ok(keys.has(`{"order_id": "${id}"}`), `${id} is lost`);
});
