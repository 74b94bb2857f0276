import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { startBrokerAndRegistry } from '@order-stream/local-stack/broker-and-registry';
import { glueSettings } from '@order-stream/local-stack/glue-local';
import { createTopic, readAll } from '@order-stream/local-stack/topics';
import { createDeserializer } from '@order-stream/serde';
import { createGlueRegistry } from '@order-stream/serde/glue';
import { createOrdersRunWith } from './orders-command.ts';

const { broker, registry } = await startBrokerAndRegistry();
const orders = createOrdersRunWith(broker.bootstrapServers, registry);
const reader = createGlueRegistry(glueSettings(registry));
after(() => reader.close());
const deserializer = createDeserializer({ registry: reader });

async function topics() {
  const customerTopic = await createTopic(broker.bootstrapServers, { prefix: 'customer' });
  const orderTopic = await createTopic(broker.bootstrapServers, { prefix: 'order' });
  const flags = ['--customer-topic', customerTopic, '--order-topic', orderTopic];
  return { customerTopic, orderTopic, flags };
}

const datagen = (argv: string[], env: Record<string, string> = {}) =>
  orders.run(['produce', '--shape', 'datagen', '--json', ...argv], env);

async function decoded(topic: string) {
  const records = await readAll(broker.bootstrapServers, topic);
  return Promise.all(
    records.map(async ({ key, value, headers }) => {
      const { value: content, schema } = await deserializer.deserialize(value as Buffer);
      return { key: String(key), value: content as Record<string, string>, schema, headers };
    }),
  );
}

test('S3-04 S3-05 S3-06 the generator writes customers and their orders as the MSK data generator does', async () => {
  const { customerTopic, orderTopic, flags } = await topics();
  const { code, stdout, stderr } = await datagen(['--count', '101', '--rate', '0', ...flags]);
  assert.equal(code, 0, stderr);
  const summary = JSON.parse(stdout);
  assert.deepEqual([summary.customers.acknowledged, summary.orders.acknowledged], [101, 101]);

  const customers = await decoded(customerTopic);
  const written = await decoded(orderTopic);
  assert.deepEqual([customers.length, written.length], [101, 101]);
  const keys = new Set(customers.map(({ key }) => key));
  for (const { key, value, headers } of written) {
    assert.match(key, /^[0-9a-f-]{36}$/);
    assert.ok(keys.has(value.customer_id as string), 'an order without its customer');
    assert.deepEqual(headers, {});
  }
  assert.ok(keys.has(customers[0]?.key as string) && /^\d{9}[\dX]$/.test([...keys][0] as string));

  const definitions = {
    [customerTopic]:
      '{"type":"record","name":"Gen0","namespace":"com.amazonaws.mskdatagen","fields":[{"name":"name","type":["null","string"],"default":null}],"connect.name":"com.amazonaws.mskdatagen.Gen0"}',
    [orderTopic]:
      '{"type":"record","name":"Gen0","namespace":"com.amazonaws.mskdatagen","fields":[{"name":"quantity","type":["null","string"],"default":null},{"name":"product_id","type":["null","string"],"default":null},{"name":"customer_id","type":["null","string"],"default":null}],"connect.name":"com.amazonaws.mskdatagen.Gen0"}',
  };
  for (const [topic, definition] of Object.entries(definitions)) {
    const { schema } = (await decoded(topic))[0] as Awaited<ReturnType<typeof decoded>>[number];
    assert.equal(schema.definition, definition);
    const named = await reader.latestSchema(topic);
    assert.equal(named.schemaVersionId, schema.schemaVersionId);
  }
});

test('S3-06 S3-07 a task chooses among the newest customers of its history alone', async () => {
  const { customerTopic, orderTopic, flags } = await topics();
  const one = [
    '--count',
    '20',
    '--throttle-ms',
    '1',
    '--tasks',
    '1',
    '--history',
    '1',
    '--seed',
    'x',
  ];
  const zlib = { SCHEMA_COMPRESSION: 'zlib', COMPRESSION_TYPE: 'zstd' };
  const { code, stderr } = await datagen([...one, ...flags], zlib);
  assert.equal(code, 0, stderr);
  const customers = (await decoded(customerTopic)).map(({ key }) => key);
  const ofOrders = (await decoded(orderTopic)).map(({ value }) => value.customer_id);
  assert.deepEqual(ofOrders.toSorted(), customers.toSorted());
});

test('missing topics, and a registry that refuses, are errors at the start', async () => {
  const missing = await datagen(['--customer-topic', 'nobody', '--order-topic', 'nothing']);
  assert.equal(missing.code, 1);
  assert.match(missing.stderr, /^orders produce: missing topics: nobody, nothing; .*topics create/);
  const { flags } = await topics();
  const unregistered = await datagen(flags, { SCHEMA_AUTO_REGISTRATION: 'false' });
  assert.equal(unregistered.code, 1);
  assert.match(unregistered.stderr, /^orders produce: .*\n$/);
  const unset = await datagen(flags, { AWS_REGION: '' });
  assert.equal(unset.code, 78);
});
