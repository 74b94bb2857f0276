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
import { type OwnBroker, startBroker } from '@order-stream/local-stack/kafka-broker';
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
  broker = await startBroker({ own: true });
});
after(async () => {
  await broker?.stop();
});

const sum = (offsets: Map<number, bigint>) => [...offsets.values()].reduce((a, b) => a + b, 0n);

/** A registry that keeps its schemas while it is down. */
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

for (const when of ['at the start', 'under way'] as const) {
  test(`a registry that is down ${when} holds records back, reddens readiness, fills no dead-letter topic, and is found again`, async (context) => {
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
      waitUntilReady: when === 'under way',
    });
    await registry.down();
    await writeRaw(bootstrapServers, topic, records);
    await until('partitions wait for it', async () =>
      (await consumer.faults('/readyz')).some(
        (fault) => fault.startsWith(`${topic}/`) && fault.includes('registry unavailable'),
      ),
    );
    assert.ok((await consumer.metric('orders_consumer_paused_partitions')) > 0);
    assert.deepEqual(await consumer.faults('/healthz'), []);
    assert.deepEqual(consumer.stdout(), []);
    await registry.up();
    await until('all are printed', () => consumer.stdout().length === 200, 60_000);
    await until('readiness is green', async () => (await consumer.faults('/readyz')).length === 0);
    assert.equal(
      await consumer.metric('orders_rebalances_total'),
      1,
      'it kept its place in the group',
    );
    assert.equal((await consumer.stop()).code, 0);
    assert.equal(sum(await endOffsets(bootstrapServers, deadLetterTopic)), 0n);
  });
}

test('a broker that goes and comes back finds the consumer again, without a restart', async (context) => {
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
  await until('readiness is red', async () => (await consumer.faults('/readyz')).length > 0);
  assert.deepEqual(await consumer.faults('/healthz'), []);
  await broker.start();
  await until(
    'readiness is green',
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

test('started before its broker, it waits, and begins when the broker is there', async (context) => {
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
  const faults = await until('readiness says why', async () => {
    const found = await consumer.faults('/readyz');
    return found.some((fault) => fault.startsWith('broker: ')) && found;
  });
  assert.ok(faults.length > 0);
  assert.deepEqual(await consumer.faults('/healthz'), []);
  await broker.start();
  await until('all are printed', () => consumer.stdout().length === 20, 60_000);
  assert.equal((await consumer.stop()).code, 0);
});

test('a missing topic is named by readiness and waited for', async (context) => {
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
  await until('readiness names it', async () =>
    (await consumer.faults('/readyz')).includes(`missing topics: ${topic}.dlq`),
  );
  await createTopicNamed(bootstrapServers, `${topic}.dlq`);
  await until('it is ready', async () => (await consumer.faults('/readyz')).length === 0);
  assert.equal((await consumer.stop()).code, 0);
});
