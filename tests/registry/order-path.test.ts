import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import {
  createDeadLetterTopic,
  orderFramer,
  startConsumer,
} from '@order-stream/local-stack/consumer';
import { glueEnvironment, startGlueLocal } from '@order-stream/local-stack/glue-local';
import { type Broker, startBroker } from '@order-stream/local-stack/kafka-broker';
import { startProducer } from '@order-stream/local-stack/producer';
import {
  decodedOrder,
  printedOrder,
  referenceOrder,
} from '@order-stream/local-stack/reference-order';
import { createTopic, readAll, writeRaw } from '@order-stream/local-stack/topics';
import { until } from '@order-stream/local-stack/until';
import { createConfluentRegistry } from '@order-stream/serde/confluent';
import { type Apicurio, startApicurio } from './apicurio.ts';

let broker: Broker;
let apicurio: Apicurio;
before(async () => {
  [broker, apicurio] = await Promise.all([startBroker(), startApicurio()]);
});
after(async () => {
  await apicurio?.stop();
  await broker?.stop();
});

const noGlue = { endpoint: 'http://127.0.0.1:1' };

/** Starts a producer and a consumer on a new topic. They end with the test. */
async function startPath(
  context: { after(fn: () => Promise<unknown>): void },
  env: Record<string, string>,
  consumerEnv: Record<string, string> = env,
  registry = noGlue,
) {
  const { bootstrapServers } = broker;
  const topic = await createTopic(bootstrapServers);
  await createDeadLetterTopic(bootstrapServers, topic);
  const stack = { bootstrapServers, registry, topic };
  const [producer, consumer] = await Promise.all([
    startProducer({ ...stack, env }),
    startConsumer({ ...stack, env: consumerEnv }),
  ]);
  context.after(() => Promise.all([producer.stop(25_000), consumer.stop(25_000)]));
  return { topic, producer, consumer };
}

async function firstLines(consumer: Awaited<ReturnType<typeof startConsumer>>, count: number) {
  return await until('the orders are printed', () => {
    const records = consumer.records();
    return records.length >= count && records;
  });
}

for (const basePath of ['/apis/ccompat/v7', '/apis/ccompat/v8']) {
  test(`S2-01 S2-02 S2-03 an order is posted over HTTP and printed decoded with ${basePath} of Apicurio`, async (context) => {
    const url = `${apicurio.url}${basePath}`;
    const env = { SCHEMA_REGISTRY: 'confluent', SCHEMA_REGISTRY_URL: url };
    const { topic, producer, consumer } = await startPath(context, env);
    const { status, body } = await producer.post(referenceOrder);
    assert.equal(status, 201);
    const registered = await createConfluentRegistry({ url }).latestSchema(`${topic}-value`);
    assert.equal(body.schema_version_id, registered.schemaId);

    const [line] = await firstLines(consumer, 1);
    assert.deepEqual(line?.value, printedOrder(referenceOrder));
    const [record] = await readAll(broker.bootstrapServers, topic);
    const header = Buffer.alloc(5);
    header.writeUInt32BE(registered.schemaId ?? -1, 1);
    assert.deepEqual(record?.value?.subarray(0, 5), header);
    assert.equal(
      await createConfluentRegistry({ url }).compatibilityOf(`${topic}-value`),
      'BACKWARD',
    );
  });
}

test('S4-10 without a registry an order is plain JSON, and its receipt has no schema version', async (context) => {
  const env = { SCHEMA_REGISTRY: 'none' };
  const { topic, producer, consumer } = await startPath(context, env);
  const exact = {
    ...referenceOrder,
    order_items: [{ product_id: '9007199254740993', quantity: 8 }],
  };
  const { status, body } = await producer.post(exact);
  assert.equal(status, 201);
  assert.equal(body.schema_version_id, null);
  const [line] = await firstLines(consumer, 1);
  const order_items = [{ product_id: 9007199254740993n, quantity: 8 }];
  assert.deepEqual(line?.value, decodedOrder({ ...referenceOrder, order_items }));
  assert.equal(line?.headers['content-type'], 'application/json');
  const [record] = await readAll(broker.bootstrapServers, topic);
  assert.match(String(record?.value), /^\{"order_id":"53263c42-/);
});

test('S2-03 the consumer reads a topic with records of Glue and of Apicurio', async (context) => {
  const glue = await startGlueLocal();
  context.after(() => glue.close());
  const url = `${apicurio.url}/apis/ccompat/v7`;
  const before = { SCHEMA_REGISTRY: 'glue', ...glueEnvironment(glue) };
  const moved = { SCHEMA_REGISTRY: 'confluent', SCHEMA_REGISTRY_URL: url };
  const both = { ...before, ...moved, SECONDARY_SCHEMA_REGISTRY: 'glue' };
  const { topic, producer, consumer } = await startPath(context, moved, both);
  const framed = (await orderFramer(glue, topic))({ ...referenceOrder, order_id: 'by glue' });
  await writeRaw(broker.bootstrapServers, topic, [framed]);
  assert.equal((await producer.post(referenceOrder)).status, 201);
  const lines = await firstLines(consumer, 2);
  assert.deepEqual(
    new Map(lines.map(({ value }) => [value.order_id, value.user_id])),
    new Map([
      ['by glue', 'dicxa'],
      [referenceOrder.order_id, 'dicxa'],
    ]),
  );
});

test('P6 with a snapshot file of the registry’s answers, both services start without the registry', async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'order-stream-'));
  context.after(() => rmSync(folder, { recursive: true }));
  const glue = await startGlueLocal();
  const files = (name: string) => ({ SCHEMA_SNAPSHOT_FILE: join(folder, `${name}.json`) });
  const { topic, producer, consumer } = await startPath(
    context,
    files('producer'),
    files('consumer'),
    glue,
  );
  assert.equal((await producer.post(referenceOrder)).status, 201);
  await firstLines(consumer, 1);
  await Promise.all([producer.stop(25_000), consumer.stop(25_000), glue.close()]);

  const stack = { bootstrapServers: broker.bootstrapServers, registry: glue, topic };
  const again = await Promise.all([
    startProducer({ ...stack, env: files('producer') }),
    startConsumer({ ...stack, env: { ...files('consumer'), GROUP_ID: `${topic}-again` } }),
  ]);
  context.after(() => Promise.all(again.map((service) => service.stop(25_000))));
  assert.equal((await again[0].post(referenceOrder)).status, 201);
  const lines = await firstLines(again[1], 2);
  for (const { value } of lines) assert.deepEqual(value, printedOrder(referenceOrder));
  await until('the registry counts as stale', async () => {
    return (await again[1].metric('orders_registry_stale_seconds')) > 0;
  });
});
