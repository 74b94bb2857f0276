import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import {
  createDeadLetterTopic,
  numberedOrders,
  orderFramer,
  startConsumer,
} from '@order-stream/local-stack/consumer';
import { type LocalRegistry, startGlueLocal } from '@order-stream/local-stack/glue-local';
import { type OwnBroker, startOwnBroker } from '@order-stream/local-stack/kafka-broker';
import { freePort } from '@order-stream/local-stack/ports';
import {
  createTopic,
  createTopicNamed,
  endOffsets,
  writeRaw,
} from '@order-stream/local-stack/topics';
import { until } from '@order-stream/local-stack/until';

let broker: OwnBroker;
before(async () => {
  broker = await startOwnBroker();
});
after(async () => {
  await broker?.stop();
});

const sum = (offsets: Map<number, bigint>) => [...offsets.values()].reduce((a, b) => a + b, 0n);

/** A registry that can be stopped and restarted with its schemas. */
async function lastingRegistry() {
  const folder = mkdtempSync(join(tmpdir(), 'consumer-outage-'));
  const options = { port: await freePort(), databaseFile: join(folder, 'registry.sqlite') };
  let registry: LocalRegistry | undefined = await startGlueLocal(options);
  return {
    endpoint: registry.endpoint,
    async down() {
      await registry?.close();
      registry = undefined;
    },
    async up() {
      registry = await startGlueLocal(options);
    },
    async close() {
      await registry?.close();
      rmSync(folder, { recursive: true });
    },
  };
}

for (const when of ['at the start', 'later'] as const) {
  test(`while the registry is down (${when}), records wait, readiness fails, there are no dead letters, and delivery resumes later`, async (context) => {
    const registry = await lastingRegistry();
    context.after(() => registry.close());
    const { bootstrapServers } = broker;
    const topic = await createTopic(bootstrapServers);
    const deadLetterTopic = await createDeadLetterTopic(bootstrapServers, topic);
    const frame = await orderFramer(registry, topic);
    const records = numberedOrders(0, 200).map(frame);
    if (when === 'at the start') await registry.down();
    const consumer = await startConsumer({
      context,
      bootstrapServers,
      registry,
      topic,
      waitUntilReady: when === 'later',
    });
    await registry.down();
    await writeRaw(bootstrapServers, topic, records);
    await until('partitions wait for the registry', async () =>
      (await consumer.faults('/readyz')).some(
        (fault) => fault.startsWith(`${topic}/`) && fault.includes('registry unavailable'),
      ),
    );
    await until(
      'the metric counts the partitions',
      async () => (await consumer.metric('orders_consumer_paused_partitions')) > 0,
    );
    assert.deepEqual(await consumer.faults('/healthz'), []);
    assert.deepEqual(consumer.stdout(), []);
    await registry.up();
    await until('all are printed', () => consumer.stdout().length === 200, 60_000);
    await until('readiness succeeds', async () => (await consumer.faults('/readyz')).length === 0);
    assert.equal(
      await consumer.metric('orders_rebalances_total'),
      1,
      'the consumer stayed in the group',
    );
    assert.equal((await consumer.stop()).code, 0);
    assert.equal(sum(await endOffsets(bootstrapServers, deadLetterTopic)), 0n);
  });
}

test('while the registry does not answer for one schema version, the records before it and other partitions are printed', async (context) => {
  const registry = await startGlueLocal();
  context.after(() => registry.close());
  const { bootstrapServers } = broker;
  const topic = await createTopic(bootstrapServers, { partitions: 2 });
  await createDeadLetterTopic(bootstrapServers, topic, 2);
  const [known, slow] = [
    await orderFramer(registry, topic),
    await orderFramer(registry, `slow-${topic}`),
  ];
  const [before, slowOrder, after, other, later] = [
    numberedOrders(0, 15).map(known),
    numberedOrders(15, 1).map(slow),
    numberedOrders(16, 5).map(known),
    numberedOrders(100, 20).map(known),
    numberedOrders(120, 20).map(known),
  ];
  const write = (partition: number, records: ReturnType<typeof known>[]) =>
    writeRaw(
      bootstrapServers,
      topic,
      records.map((record) => ({ ...record, partition })),
    );
  await write(1, other);
  const consumer = await startConsumer({ context, bootstrapServers, registry, topic });
  const printed = (partition: number) =>
    consumer.records().filter((record) => record.partition === partition);
  await until('the known version is known', () => printed(1).length === other.length);
  const actions = ['GetSchemaVersion'] as const;
  const slowly = await registry.fail({ fault: 'latency', latencyMs: 3_600_000, actions });
  await write(0, [...before, ...slowOrder, ...after]);
  await until('the records before it are printed', () => printed(0).length === before.length);
  assert.ok(Number(await slowly.applied()) < 3, 'the last attempt at the request has not begun');
  await write(1, later);
  await until('the other partition is printed', () => printed(1).length === 40);
  assert.deepEqual(await consumer.faults('/healthz'), []);
  await slowly.end();
  await until('all are printed', () => printed(0).length === 21);
  for (const partition of [0, 1])
    assert.deepEqual(
      printed(partition).map(({ offset }) => offset),
      printed(partition).map((_, offset) => offset),
    );
  assert.equal((await consumer.stop()).code, 0);
});

test('the consumer reconnects to a restarted broker without a restart of its own', async (context) => {
  const registry = await startGlueLocal();
  context.after(() => registry.close());
  const topic = await createTopic(broker.bootstrapServers);
  await createDeadLetterTopic(broker.bootstrapServers, topic);
  const frame = await orderFramer(registry, topic);
  const write = (first: number) =>
    writeRaw(broker.bootstrapServers, topic, numberedOrders(first, 20).map(frame));
  const { bootstrapServers } = broker;
  const consumer = await startConsumer({ context, bootstrapServers, registry, topic });
  await write(0);
  await until('the first are printed', () => consumer.stdout().length === 20);

  await broker.kill();
  await until('readiness fails', async () => (await consumer.faults('/readyz')).length > 0);
  assert.deepEqual(await consumer.faults('/healthz'), []);
  await broker.start();
  await until(
    'readiness succeeds',
    async () => (await consumer.faults('/readyz')).length === 0,
    60_000,
  );
  await write(20);
  await until('the rest are printed', () => {
    const ids = new Set(consumer.records().map(({ value }) => value.order_id));
    return ids.size === 40;
  });
  assert.equal((await consumer.stop()).code, 0);
});

test('a consumer that starts before its broker waits and then consumes', async (context) => {
  const registry = await startGlueLocal();
  context.after(() => registry.close());
  const topic = await createTopic(broker.bootstrapServers);
  await createDeadLetterTopic(broker.bootstrapServers, topic);
  const frame = await orderFramer(registry, topic);
  await writeRaw(broker.bootstrapServers, topic, numberedOrders(0, 20).map(frame));
  await broker.kill();
  const { bootstrapServers } = broker;
  const consumer = await startConsumer({
    context,
    bootstrapServers,
    registry,
    topic,
    waitUntilReady: false,
  });
  const faults = await until('readiness names the broker', async () => {
    const found = await consumer.faults('/readyz');
    return found.some((fault) => fault.startsWith('broker: ')) && found;
  });
  assert.ok(faults.length > 0);
  assert.deepEqual(await consumer.faults('/healthz'), []);
  await broker.start();
  await until('all are printed', () => consumer.stdout().length === 20, 60_000);
  assert.equal((await consumer.stop()).code, 0);
});

test('readiness names a missing topic, and the consumer waits for it', async (context) => {
  const registry = await startGlueLocal();
  context.after(() => registry.close());
  const topic = await createTopic(broker.bootstrapServers, { prefix: 'waited-for' });
  const { bootstrapServers } = broker;
  const consumer = await startConsumer({
    context,
    bootstrapServers,
    registry,
    topic,
    waitUntilReady: false,
  });
  await until('readiness names the topic', async () =>
    (await consumer.faults('/readyz')).includes(`missing topics: ${topic}.dlq`),
  );
  await createTopicNamed(bootstrapServers, `${topic}.dlq`);
  await until('the consumer is ready', async () => (await consumer.faults('/readyz')).length === 0);
  assert.equal((await consumer.stop()).code, 0);
});
