import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { GetSchemaCommand, GetSchemaVersionCommand, GlueClient } from '@aws-sdk/client-glue';
import { type LocalRegistry, startGlueLocal } from '@order-stream/local-stack/glue-local';
import { type Broker, startBroker } from '@order-stream/local-stack/kafka-broker';
import { type ProducerProcess, startProducer } from '@order-stream/local-stack/producer';
import { decodedOrder, referenceOrder } from '@order-stream/local-stack/reference-order';
import { root } from '@order-stream/local-stack/state-folder';
import { createTopic, endOffsets, readAll } from '@order-stream/local-stack/topics';
import { compileAvro } from '@order-stream/serde';
import { newestOrderSchema } from '../../services/order-producer/src/newest-order-schema.ts';

let broker: Broker;
let registry: LocalRegistry;
let producer: ProducerProcess;
let topic: string;
let glue: GlueClient;

before(async () => {
  [broker, registry] = await Promise.all([startBroker(), startGlueLocal()]);
  topic = await createTopic(broker.bootstrapServers);
  producer = await startProducer({ bootstrapServers: broker.bootstrapServers, registry, topic });
  glue = new GlueClient({
    region: 'us-east-1',
    endpoint: registry.endpoint,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
});
after(async () => {
  glue?.destroy();
  await producer?.stop(10_000);
  await registry?.close();
  await broker?.stop();
});

/** The reference order, encoded with version 1 of the schema. */
const goldenBody =
  '4835333236336334322d383162332d346135332d383036372d666364623434666135343739ead08ec4ea610a646963786102f65c1000';

function encoded(definition: string, value: unknown): Buffer {
  const target = Buffer.alloc(1_000);
  return target.subarray(0, compileAvro(definition).encode(value, target, 0));
}

async function recordOf(orderId: string) {
  const key = `{"order_id": "${orderId}"}`;
  const found = (await readAll(broker.bootstrapServers, topic)).filter(
    (record) => record.key?.toString() === key,
  );
  assert.equal(found.length, 1, `one record has the key ${key}`);
  return found[0] as (typeof found)[0];
}

test('D-03 S0-02 S0-03 S0-04 S0-06 the reference order is acknowledged and is on the topic byte for byte', async () => {
  const before = Date.now();
  const { status, body } = await producer.post(referenceOrder);
  assert.equal(status, 201);
  const record = await recordOf(referenceOrder.order_id);
  assert.deepEqual(body, {
    order_id: referenceOrder.order_id,
    ordered_at: referenceOrder.ordered_at,
    topic,
    partition: record.partition,
    offset: String(record.offset),
    schema_version_id: body.schema_version_id,
  });
  const versionId = String(body.schema_version_id).replaceAll('-', '');
  const newest = newestOrderSchema();
  const written = encoded(newest, decodedOrder(referenceOrder));
  assert.equal(
    record.value?.toString('hex'),
    `0300${versionId}${written.toString('hex')}`,
    'header, schema version id, body',
  );
  const readerDefinition = readFileSync(join(root, 'schemas/order.v1.avsc'), 'utf8');
  const asVersion1 = compileAvro(newest, { readerDefinition }).decode(written, 0);
  assert.equal(encoded(readerDefinition, asVersion1).toString('hex'), goldenBody);
  assert.equal(record.key?.toString(), `{"order_id": "${referenceOrder.order_id}"}`);
  assert.equal(String(record.headers['content-type']), 'application/avro');
  assert.ok(
    record.timestampMs >= before && record.timestampMs <= Date.now(),
    'the timestamp is the time of acceptance',
  );
});

test('S0-08 the first order registers <topic>-value with BACKWARD in the registry customer', async () => {
  const SchemaId = { RegistryName: 'customer', SchemaName: `${topic}-value` };
  const schema = await glue.send(new GetSchemaCommand({ SchemaId }));
  assert.equal(schema.Compatibility, 'BACKWARD');
  assert.equal(schema.DataFormat, 'AVRO');
  assert.equal(schema.LatestSchemaVersion, 1);
  const { body } = await producer.post(referenceOrder);
  const version = await glue.send(
    new GetSchemaVersionCommand({ SchemaVersionId: String(body.schema_version_id) }),
  );
  assert.equal(version.VersionNumber, 1);
  assert.equal(version.Status, 'AVAILABLE');
});

test('S0-08 without auto-registration an unknown schema is not registered, and orders are rejected', async () => {
  const other = await createTopic(broker.bootstrapServers);
  const strict = await startProducer({
    bootstrapServers: broker.bootstrapServers,
    registry,
    topic: other,
    env: { SCHEMA_AUTO_REGISTRATION: 'false' },
    waitUntilReady: false,
  });
  try {
    await strict.waitForLine(/auto-registration is off|schema not ready/, 20_000);
    const { status, body } = await strict.post(referenceOrder);
    assert.equal(status, 503);
    assert.equal(body.type, 'urn:order-stream:problem:registry-unavailable');
    await assert.rejects(
      glue.send(
        new GetSchemaCommand({
          SchemaId: { RegistryName: 'customer', SchemaName: `${other}-value` },
        }),
      ),
      { name: 'EntityNotFoundException' },
    );
    for (const end of (await endOffsets(broker.bootstrapServers, other)).values())
      assert.equal(end, 0n);
  } finally {
    await strict.stop(10_000);
  }
});

test('an integer beyond 2^53, sent as a string, keeps every digit', async () => {
  const { status, body } = await producer.post({
    user_id: 'big',
    order_items: [{ product_id: '9223372036854775807', quantity: '9007199254740993' }],
  });
  assert.equal(status, 201);
  const { value } = await recordOf(String(body.order_id));
  const version = await glue.send(
    new GetSchemaVersionCommand({ SchemaVersionId: String(body.schema_version_id) }),
  );
  const order = compileAvro(String(version.SchemaDefinition)).decode(value as Buffer, 18) as {
    order_items: unknown;
  };
  assert.deepEqual(order.order_items, [
    { product_id: 9223372036854775807n, quantity: 9007199254740993n },
  ]);
});

test('an invalid order does not affect concurrent valid orders', async () => {
  const orders = Array.from({ length: 60 }, (_, index) => ({
    user_id: `user${index}`,
    order_items: index % 3 === 0 ? [] : [{ product_id: index, quantity: 1 }],
  }));
  const answers = await Promise.all(orders.map((order) => producer.post(order)));
  assert.deepEqual(
    answers.map(({ status }) => status),
    orders.map((_, index) => (index % 3 === 0 ? 422 : 201)),
  );
  const keys = new Set(
    (await readAll(broker.bootstrapServers, topic)).map(({ key }) => key?.toString()),
  );
  for (const { status, body } of answers)
    if (status === 201) assert.ok(keys.has(`{"order_id": "${body.order_id}"}`));
});

test('S0-16 the service names all invalid variables at start, and the exit code is 78', async () => {
  const service = await startProducer({
    bootstrapServers: 'no-port',
    registry,
    topic,
    waitUntilReady: false,
    env: { HOST: '0.0.0.0', MAX_IN_FLIGHT: 'many' },
  });
  const { code } = await service.exited;
  assert.equal(code, 78);
  assert.deepEqual(
    service.stderr().map((line) => line.split(' ')[1]),
    ['BOOTSTRAP_SERVERS', 'MAX_IN_FLIGHT', 'AUTH_MODE'],
  );
});

test('on a topic with a small size limit, 500 concurrent orders are acknowledged, and only one above the limit is rejected', async () => {
  const small = await createTopic(broker.bootstrapServers, {
    config: { 'max.message.bytes': '4096' },
  });
  const start = (env: Record<string, string>) =>
    startProducer({ bootstrapServers: broker.bootstrapServers, registry, topic: small, env });
  const large = { ...referenceOrder, user_id: 'x'.repeat(10_000) };
  const plain = await start({});
  try {
    const orders = Array.from({ length: 500 }, (_, index) => ({
      user_id: `user${index}`,
      order_items: [{ product_id: index, quantity: 1 }],
    }));
    const posted = orders.map((order) => plain.post(order));
    const refused = await plain.post(large);
    assert.equal(refused.status, 413);
    assert.equal(refused.body.type, 'urn:order-stream:problem:too-large');
    const statuses = new Set((await Promise.all(posted)).map(({ status }) => status));
    assert.deepEqual([...statuses], [201]);
  } finally {
    await plain.stop(10_000);
  }
  const ends = [...(await endOffsets(broker.bootstrapServers, small)).values()];
  assert.equal(
    ends.reduce((sum, end) => sum + end, 0n),
    500n,
  );
  const compressing = await start({ COMPRESSION_TYPE: 'zstd' });
  try {
    assert.equal((await compressing.post(large)).status, 201);
  } finally {
    await compressing.stop(10_000);
  }
});
