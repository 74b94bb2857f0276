import assert from 'node:assert/strict';
import { after, type TestContext, test } from 'node:test';
import {
  createDeadLetterTopic,
  numberedOrders,
  orderFramer,
  startConsumer,
} from '@order-stream/local-stack/consumer';
import { startGlueLocal } from '@order-stream/local-stack/glue-local';
import { startOwnBroker } from '@order-stream/local-stack/kafka-broker';
import { type ProducerProcess, startProducer } from '@order-stream/local-stack/producer';
import { createTopic, rawKafka, readAll, writeRaw } from '@order-stream/local-stack/topics';
import { until } from '@order-stream/local-stack/until';
import kafkajs from 'kafkajs';
import { type OrderLoad, startLoad } from './order-load.ts';

const { AclOperationTypes, AclPermissionTypes, AclResourceTypes } = kafkajs;
const { ConfigResourceTypes, ResourcePatternTypes } = kafkajs;

const broker = await startOwnBroker({
  'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
  'allow.everyone.if.no.acl.found': 'true',
});
const { bootstrapServers } = broker;
const registry = await startGlueLocal();
const admin = rawKafka(bootstrapServers).admin();
after(async () => {
  await admin.disconnect();
  await registry.close();
  await broker.stop();
});
await admin.connect();

async function producerOf(
  context: TestContext,
  topic: string,
  env: Record<string, string> = {},
): Promise<ProducerProcess> {
  const producer = await startProducer({
    bootstrapServers,
    registry,
    topic,
    env: { REQUEST_TIMEOUT_MS: '2000', ...env },
  });
  context.after(() => producer.kill());
  return producer;
}

const names = (producer: ProducerProcess, fault: string) =>
  until(`readiness says: ${fault}`, async () => (await producer.faults('/readyz')).includes(fault));
const becomesReady = (producer: ProducerProcess) =>
  until('ready', async () => (await producer.faults('/readyz')).length === 0);

const literally = (resourceName: string) => ({
  resourceType: AclResourceTypes.TOPIC,
  resourceName,
  resourcePatternType: ResourcePatternTypes.LITERAL,
});

/** Takes the permission to write away from everybody. A topic with an entry allows only what an entry allows. */
async function denyWrites(topic: string): Promise<void> {
  const everybody = { ...literally(topic), principal: 'User:*', host: '*' };
  const { ALLOW, DENY } = AclPermissionTypes;
  const acl = [
    { ...everybody, permissionType: ALLOW, operation: AclOperationTypes.ALL },
    { ...everybody, permissionType: DENY, operation: AclOperationTypes.WRITE },
  ];
  await admin.createAcls({ acl });
}

async function allowWrites(topic: string): Promise<void> {
  const any = { operation: AclOperationTypes.ANY, permissionType: AclPermissionTypes.ANY };
  await admin.deleteAcls({ filters: [{ ...literally(topic), ...any }] });
}

async function limitAgeMs(topic: string, value: string): Promise<void> {
  const configEntries = [{ name: 'message.timestamp.before.max.ms', value }];
  const resources = [{ type: ConfigResourceTypes.TOPIC, name: topic, configEntries }];
  await admin.alterConfigs({ validateOnly: false, resources });
}

const problems = (load: OrderLoad) => [...new Set(load.rejected().map(({ problem }) => problem))];

test('permission taken away: readiness and error_type name it, orders are answered broker-unavailable, and after 20 s without orders the producer is ready again', async (context) => {
  const topic = await createTopic(bootstrapServers);
  const producer = await producerOf(context, topic);
  const load = startLoad(context, producer, { perSecond: 50 });
  await load.flows(50);
  await denyWrites(topic);
  await names(producer, 'the brokers refuse every write: topic authorization failed');
  await load.stop();
  assert.deepEqual(problems(load), ['broker-unavailable']);
  const metrics = await (await fetch(`${producer.managementUrl}/metrics`)).text();
  assert.match(
    metrics,
    /^messaging_client_sent_messages_total\{.*error_type="topic-authorization-failed"\} [1-9]/m,
  );
  await allowWrites(topic);
  await becomesReady(producer);
  const order = { user_id: 'u', order_items: [{ product_id: 1, quantity: 1 }] };
  assert.equal((await producer.post(order)).status, 201);
  assert.equal(
    (await readAll(bootstrapServers, topic)).length,
    load.acknowledged().length + 1,
    'no rejected order was written',
  );
});

test('a clock two hours behind the brokers’ limit: readiness names the timestamp, and orders are written once the limit allows it', async (context) => {
  const topic = await createTopic(bootstrapServers);
  const twoHoursBehind = 'const now = Date.now; Date.now = () => now() - 7_200_000;';
  const producer = await producerOf(context, topic, {
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(twoHoursBehind)}`,
  });
  const load = startLoad(context, producer, { perSecond: 50 });
  await load.flows(50);
  await limitAgeMs(topic, '3600000');
  await names(producer, 'the brokers refuse every write: invalid timestamp');
  assert.deepEqual(problems(load), ['broker-unavailable']);
  await limitAgeMs(topic, '36000000');
  await load.flows(50);
  await becomesReady(producer);
  await load.stop();
});

test('an order that is too large for its topic is no fault of readiness', async (context) => {
  const topic = await createTopic(bootstrapServers, {
    config: { 'max.message.bytes': '10000' },
  });
  const producer = await producerOf(context, topic);
  const large = { user_id: 'u'.repeat(20_000), order_items: [{ product_id: 1, quantity: 1 }] };
  const startedAt = performance.now();
  await until('orders were too large for two seconds', async () => {
    assert.equal((await producer.post(large)).status, 413);
    assert.deepEqual(await producer.faults('/readyz'), []);
    return performance.now() - startedAt > 2_000;
  });
});

test('permission for the dead-letter topic taken away: the consumer names it in the same words, and loses and repeats nothing', async (context) => {
  const topic = await createTopic(bootstrapServers);
  const deadLetterTopic = await createDeadLetterTopic(bootstrapServers, topic);
  const consumer = await startConsumer({ bootstrapServers, registry, topic, context });
  await denyWrites(deadLetterTopic);
  const [order] = numberedOrders(0, 1).map(await orderFramer(registry, topic));
  await writeRaw(bootstrapServers, topic, [{ value: 'zz', partition: 2 }]);
  await writeRaw(bootstrapServers, topic, [{ ...(order as { value: Buffer }), partition: 2 }]);
  const fault = `dead-letter topic ${deadLetterTopic}: the brokers refuse every write: topic authorization failed`;
  await until('readiness names it', async () => (await consumer.faults('/readyz')).includes(fault));
  assert.deepEqual(consumer.records(), [], 'the order waits behind the record');
  await allowWrites(deadLetterTopic);
  await until('the order is printed', () => consumer.records().length === 1);
  await until('ready', async () => (await consumer.faults('/readyz')).length === 0);
  assert.equal((await readAll(bootstrapServers, deadLetterTopic)).length, 1);
});
