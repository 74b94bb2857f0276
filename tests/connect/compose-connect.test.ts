import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { GlueClient, paginateListSchemas, paginateListSchemaVersions } from '@aws-sdk/client-glue';
import { glueSettings } from '@order-stream/local-stack/glue-local';
import { parseExactJson } from '@order-stream/local-stack/parse-exact-json';
import { startProducer } from '@order-stream/local-stack/producer';
import { createTopic, endOffsets, rawKafka, readAll } from '@order-stream/local-stack/topics';
import { until } from '@order-stream/local-stack/until';
import { createDeserializer, createSerializer, topicName } from '@order-stream/serde';
import { createGlueRegistry } from '@order-stream/serde/glue';
import kafkajs, { type Admin } from 'kafkajs';
import { type ComposeStack, composeStack } from '../compose/compose-stack.ts';
import { coldStart, shuffled } from '../start-order/cold-start.ts';
import { composeWorker, connectorFile } from './compose-worker.ts';
import { readSinkLine, type SinkOrder } from './sink-line.ts';

const services = [
  ...['connectors', 'connect', 'consumer-connect', 'datagen', 'consumer', 'producer'],
  ...['connect-topics', 'topics', 'glue-local', 'kafka'],
];
const generated = ['customer', 'order', 'sequence'];
/** Two JVMs and five Node processes start at once, also on a machine that does something else. */
const cold = { timeout: 480_000 };
const connectors = ['order-sink', 'order-source', 'orders-file-sink'];

let stack: ComposeStack;
let worker: ReturnType<typeof composeWorker>;
let glue: GlueClient;
let registry: ReturnType<typeof createGlueRegistry>;
let admin: Admin;

before(async () => {
  stack = await composeStack({ flags: ['--profile', 'connect'] });
  worker = composeWorker(stack.connectUrl);
  const settings = glueSettings({ endpoint: stack.glueLocalUrl });
  glue = new GlueClient(settings);
  registry = createGlueRegistry({ ...settings, autoRegistration: true });
  admin = rawKafka(stack.kafkaServers).admin({ retry: { retries: 8 } });
});
after(async () => {
  await admin?.disconnect();
  registry?.close();
  glue?.destroy();
  await stack?.end();
});

async function printedLines(): Promise<string[]> {
  const flags = ['--no-log-prefix', '--no-color'];
  const log = await stack.compose('logs', ...flags, 'consumer-connect');
  // Compose may begin a line with a control sequence.
  return log.split('\n').map((line) => line.slice(line.indexOf('{')));
}

/** Connectors and tasks run, and `consumer-connect` prints records of every topic. */
async function everythingFlows(): Promise<void> {
  await until(
    'every connector runs with two tasks',
    async () => {
      const states = await worker.states();
      return (
        states.length === connectors.length &&
        states.every(({ connector, tasks }) =>
          [connector, ...tasks].every(({ state }) => state === 'RUNNING'),
        ) &&
        states.every(({ tasks }) => tasks.length === 2)
      );
    },
    120_000,
  );
  await until(
    'the consumer prints records of each topic',
    async () => {
      const lines = await printedLines();
      return generated.every((topic) =>
        lines.some((line) => line.startsWith(`{"topic":"${topic}",`)),
      );
    },
    120_000,
  );
}

test(
  'S3-12 with Kafka Connect, when every service starts before its dependencies, all become healthy, connectors run and records flow',
  cold,
  async (context) => {
    const { decodedMs } = await coldStart(stack, services);
    await everythingFlows();
    context.diagnostic(`${Math.round(decodedMs / 1000)} s, started in the order ${services}`);
  },
);

test(
  'S3-12 with Kafka Connect, when the services start in a random order, all become healthy, connectors run and records flow',
  cold,
  async (context) => {
    const seed = process.env.START_ORDER_SEED ?? new Date().toISOString();
    const order = shuffled(services, seed);
    context.diagnostic(`START_ORDER_SEED=${seed} gives the order ${order}`);
    const { decodedMs } = await coldStart(stack, order);
    await everythingFlows();
    context.diagnostic(`${Math.round(decodedMs / 1000)} s`);
    await admin.connect();
  },
);

test('S3-01 a distributed worker of the group connect-cluster answers on 8083, with its three topics and the installed plugins', async () => {
  const { version } = await worker.get('/');
  assert.equal(version, '4.3.1');
  const port = await stack.compose('port', 'connect', '8083');
  assert.equal(`http://${port.trim()}`, stack.connectUrl);
  assert.deepEqual((await worker.get('/connectors')).sort(), connectors);
  const { groups } = await admin.describeGroups(['connect-cluster']);
  const [group] = groups;
  assert.deepEqual(
    [group?.state, group?.protocolType, group?.members.length],
    ['Stable', 'connect', 1],
  );
  const topics = ['connect-configs', 'connect-offsets', 'connect-status'];
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: topics.map((name) => ({
      type: kafkajs.ConfigResourceTypes.TOPIC,
      name,
      configNames: ['cleanup.policy'],
    })),
  });
  assert.deepEqual(
    resources.map(({ configEntries }) => configEntries[0]?.configValue),
    ['compact', 'compact', 'compact'],
  );
  const plugins: { class: string }[] = await worker.get('/connector-plugins?connectorsOnly=false');
  const classes = new Set(plugins.map((plugin) => plugin.class));
  for (const expected of [
    'com.amazonaws.services.schemaregistry.kafkaconnect.AWSKafkaAvroConverter',
    'io.apicurio.registry.utils.converter.AvroConverter',
    'io.debezium.connector.mysql.MySqlConnector',
    'io.debezium.connector.postgresql.PostgresConnector',
    'org.apache.kafka.connect.file.FileStreamSinkConnector',
  ])
    assert.ok(classes.has(expected), expected);
});

test('S3-02 the worker’s default is JSON with schemas; the connectors of docker/connect override it by StringConverter and AWSKafkaAvroConverter', async () => {
  const topic = await createTopic(stack.kafkaServers, { prefix: 'worker-default', partitions: 1 });
  const { name, config } = connectorFile('order-source.json', 'worker-default', { topic });
  const own = Object.entries(config).filter(([property]) => !property.includes('.converter'));
  const converters = ['key.converter', 'value.converter'];
  const defaults = own.filter(([property]) => !converters.includes(property));
  await worker.post({ name, config: Object.fromEntries(defaults) });
  const [record] = await until('a record is written', async () => {
    const records = await readAll(stack.kafkaServers, topic);
    return records.length > 0 && records;
  });
  await worker.delete(name);
  const json = (bytes: Buffer | null | undefined) => JSON.parse(String(bytes));
  assert.deepEqual(json(record?.key), {
    schema: { type: 'string', optional: false },
    payload: 'key',
  });
  const { schema, payload } = json(record?.value);
  assert.deepEqual([schema.type, schema.name], ['struct', 'sequence.v1.Sequence']);
  assert.deepEqual([payload.boolean, payload.long], [true, 12]);

  for (const { key, value } of await readAll(stack.kafkaServers, 'sequence')) {
    assert.equal(String(key), 'key');
    assert.deepEqual([...(value as Buffer).subarray(0, 2)], [3, 0]);
  }
});

const versionsOf = async (name: string) => {
  const SchemaId = { RegistryName: 'customer', SchemaName: name };
  const versions: { id: string | undefined; status: string | undefined }[] = [];
  for await (const { Schemas = [] } of paginateListSchemaVersions({ client: glue }, { SchemaId }))
    versions.push(...Schemas.map(({ SchemaVersionId: id, Status: status }) => ({ id, status })));
  return versions;
};

async function schemaNames(): Promise<string[]> {
  const names: string[] = [];
  const RegistryId = { RegistryName: 'customer' };
  for await (const { Schemas = [] } of paginateListSchemas({ client: glue }, { RegistryId }))
    names.push(...Schemas.map(({ SchemaName }) => SchemaName ?? ''));
  return names.sort();
}

test('S3-03 the Glue converter registers schemas in the registry of its settings by `endpoint`, without an account, and its records are decoded', async () => {
  for (const file of ['order-source.json', 'datagen-customer-order.json']) {
    const { config } = connectorFile(file);
    const setting = (name: string) => config[`value.converter.${name}`];
    assert.equal(setting('schemaAutoRegistrationEnabled'), 'true');
    assert.equal(setting('avroRecordType'), 'GENERIC_RECORD');
    assert.equal(setting('registry.name'), `\${env:CONNECTOR_REGISTRY_NAME}`);
    assert.equal(setting('region'), `\${env:CONNECTOR_REGION}`);
    assert.equal(setting('endpoint'), `\${env:CONNECTOR_GLUE_ENDPOINT}`);
  }
  const versions = await versionsOf('sequence');
  assert.deepEqual(
    versions.map(({ status }) => status),
    ['AVAILABLE', 'AVAILABLE'],
  );
  const deserializer = createDeserializer({ registry });
  const records = await readAll(stack.kafkaServers, 'sequence');
  const seen = new Set<string>();
  for (const { value } of records) {
    const decoded = await deserializer.deserialize(value as Buffer);
    const { seqno, string } = decoded.value as { seqno: number; string?: string };
    assert.equal(string, Number(seqno) % 2 === 1 ? 'def' : undefined);
    seen.add(String(string));
  }
  assert.deepEqual([...seen].sort(), ['def', 'undefined']);
});

test('S3-04 schemas are named as their topics, our serializer with the naming `topic` finds them, and `schemaName` overrides the name', async () => {
  const topic = await createTopic(stack.kafkaServers, { prefix: 'renamed', partitions: 1 });
  const renamed = `${topic}-schema`;
  await worker.post(
    connectorFile('order-source.json', 'renamed', {
      topic,
      'value.converter.schemaName': renamed,
    }),
  );
  await until('the schema has its own name', async () => (await schemaNames()).includes(renamed));
  await worker.delete('renamed');
  const names = await schemaNames();
  for (const name of generated) assert.ok(names.includes(name), `${name} is in ${names}`);
  assert.ok(!names.includes(topic));

  const [written] = await readAll(stack.kafkaServers, 'order');
  const decoded = await createDeserializer({ registry }).deserialize(written?.value as Buffer);
  const serializer = createSerializer({ registry, schemaName: topicName });
  const ours = await serializer.serialize('order', decoded.value, {
    schema: decoded.schema.definition,
  });
  assert.deepEqual(ours, written?.value);
  assert.equal((await versionsOf('order')).length, 1);
});

test('S3-05 the consumer decodes generated orders, which are not our orders, and no record becomes a dead letter', async () => {
  const orders = (await printedLines()).filter((line) => line.startsWith('{"topic":"order",'));
  assert.ok(orders.length > 0);
  for (const line of orders) {
    const { key, value } = parseExactJson(line) as { key: string; value: Record<string, unknown> };
    assert.match(key, /^[0-9a-f-]{36}$/);
    assert.deepEqual(Object.keys(value), ['quantity', 'product_id', 'customer_id']);
    assert.ok(Object.values(value).every((field) => typeof field === 'string'));
  }
  for (const topic of generated) {
    const ends = await endOffsets(stack.kafkaServers, `${topic}.dlq`);
    assert.deepEqual(new Set(ends.values()), new Set([0n]), `${topic}.dlq is empty`);
  }
});

test('S3-06 every order has the key of a customer, and keys are plain text', async () => {
  const deserializer = createDeserializer({ registry });
  // The orders first: each customer of theirs was written before.
  const orders = await readAll(stack.kafkaServers, 'order');
  const customers = await readAll(stack.kafkaServers, 'customer');
  const keys = new Set(customers.map(({ key }) => String(key)));
  for (const key of keys) assert.match(key, /^\d{9}[\dX]$/);
  assert.ok(orders.length > 0);
  for (const { key, value } of orders) {
    assert.match(String(key), /^[0-9a-f-]{36}$/);
    const decoded = await deserializer.deserialize(value as Buffer);
    const { customer_id: customer } = decoded.value as { customer_id: string };
    assert.ok(keys.has(customer), 'an order without its customer');
  }
});

test('S3-07 connectors and two tasks each run; throttle and history are those of the reference', async () => {
  for (const { name, connector, tasks } of await worker.states()) {
    const states = [connector, ...tasks].map(({ state }) => state);
    assert.deepEqual(states, ['RUNNING', 'RUNNING', 'RUNNING'], name);
  }
  const { config } = connectorFile('datagen-customer-order.json');
  const { 'global.throttle.ms': throttle, 'global.history.records.max': history } = config;
  assert.deepEqual([config['tasks.max'], throttle, history], ['2', '500', '1000']);
  const rendered = JSON.parse(await stack.compose('config', '--format', 'json'));
  const flags = ['--tasks', '2', '--throttle-ms', throttle, '--history', history];
  assert.deepEqual(rendered.services.datagen.command, ['produce', '--shape', 'datagen', ...flags]);
});

test('S3-10 a sink of Connect reads every order of our producer, compressed or not, with every field exact', async () => {
  const count = 200;
  const user = (index: number) => `user ${index}, }=]{ü€😀`;
  const orderOf = (index: number) => ({
    user_id: user(index),
    order_items: [
      { product_id: String(2n ** 53n + BigInt(index)), quantity: String(2n ** 63n - 1n) },
      // A body that zlib does not make shorter is written as it is.
      ...Array.from({ length: (index % 2) * 2 + (index < count ? 0 : 20) }, () => ({
        product_id: index + 1,
        quantity: 1,
      })),
    ],
  });
  const expected = new Map<string, SinkOrder>();
  const accepted = (index: number, body: Record<string, unknown>) => {
    const order_id = String(body.order_id);
    expected.set(order_id, {
      order_id,
      ordered_at: BigInt(body.ordered_at as number),
      user_id: user(index),
      order_items: orderOf(index).order_items.map(({ product_id, quantity }) => ({
        product_id: BigInt(product_id),
        quantity: BigInt(quantity),
      })),
    });
  };
  for (let index = 0; index < count; index++) {
    const response = await stack.postOrder(orderOf(index));
    assert.equal(response.status, 201);
    accepted(index, (await response.json()) as Record<string, unknown>);
  }
  const producer = await startProducer({
    bootstrapServers: stack.kafkaServers,
    registry: { endpoint: stack.glueLocalUrl },
    topic: 'orders',
    env: { SCHEMA_COMPRESSION: 'zlib' },
  });
  try {
    for (let index = count; index < 2 * count; index++) {
      const { status, body } = await producer.post(orderOf(index));
      assert.equal(status, 201);
      accepted(index, body);
    }
  } finally {
    await producer.stop(10_000);
  }
  const compressions = new Map<number, number>();
  for (const { value } of await readAll(stack.kafkaServers, 'orders')) {
    const { order_id } = (await createDeserializer({ registry }).deserialize(value as Buffer))
      .value as { order_id: string };
    const compression = (value as Buffer)[1] as number;
    if (expected.has(order_id))
      compressions.set(compression, (compressions.get(compression) ?? 0) + 1);
  }
  assert.deepEqual(Object.fromEntries(compressions), { 0: count, 5: count });

  const found = await until(
    'the file has every order',
    async () => {
      const file = await stack.compose('exec', '--no-TTY', 'connect', 'cat', '/files/orders.txt');
      const orders = file.split('\n').filter(Boolean).map(readSinkLine);
      const byId = new Map(orders.map((order) => [order.order_id, order]));
      return [...expected.keys()].every((id) => byId.has(id)) && byId;
    },
    120_000,
  );
  for (const [id, order] of expected) assert.deepEqual(found.get(id), order);
});

test('S3-11 the group connect-order-sink is stable with two members, which share the partitions of both topics', async () => {
  const describe = async () => {
    const { groups } = await admin.describeGroups(['connect-order-sink']);
    const [group] = groups;
    const members = group?.members.map(({ memberId, memberAssignment }) => ({
      memberId,
      partitions:
        kafkajs.AssignerProtocol.MemberAssignment.decode(memberAssignment)?.assignment ?? {},
    }));
    return { state: group?.state, members: members ?? [] };
  };
  const { state, members } = await describe();
  assert.deepEqual([state, members.length], ['Stable', 2]);
  for (const topic of ['customer', 'order']) {
    const partitions = members.flatMap((member) => member.partitions[topic] ?? []);
    assert.deepEqual(partitions.sort(), [0, 1, 2, 3, 4, 5], topic);
    for (const member of members) assert.ok(member.partitions[topic]?.length, topic);
  }
  const lines = async () => {
    const file = await stack.compose('exec', '--no-TTY', 'connect', 'cat', '/files/order-sink.txt');
    return file.split('\n').length;
  };
  const before = await lines();
  await until('the group reads on', async () => (await lines()) > before);
  assert.deepEqual(await describe(), { state, members });
});
