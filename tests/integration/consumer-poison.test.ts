import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { startBrokerAndRegistry } from '@order-stream/local-stack/broker-and-registry';
import {
  createDeadLetterTopic,
  numberedOrders,
  orderFramer,
  startConsumer,
} from '@order-stream/local-stack/consumer';
import { createTopic, rawKafka, readAll, writeRaw } from '@order-stream/local-stack/topics';
import { until } from '@order-stream/local-stack/until';
import kafkajs from 'kafkajs';

const { broker, registry } = await startBrokerAndRegistry();

test('S2-08 P8 undecodable records go to the dead-letter topic byte for byte, and the partition continues', async (context) => {
  const topic = await createTopic(broker.bootstrapServers);
  const deadLetterTopic = await createDeadLetterTopic(broker.bootstrapServers, topic);
  const frame = await orderFramer(registry, topic);
  const [first, last] = numberedOrders(0, 2).map(frame) as [Framed, Framed];
  const { value } = first;
  const unknownId = Buffer.from(randomUUID().replaceAll('-', ''), 'hex');
  const poison: Record<string, Buffer> = {
    'not a frame': Buffer.from('{"order_id": "plain JSON"}'),
    empty: Buffer.alloc(0),
    'short frame': value.subarray(0, 10),
    'unknown compression': Buffer.concat([Buffer.from([3, 9]), value.subarray(2)]),
    'bad zlib': Buffer.concat([Buffer.from([3, 5]), value.subarray(2)]),
    'unknown schema version': Buffer.concat([value.subarray(0, 2), unknownId, value.subarray(18)]),
    truncated: value.subarray(0, value.length - 3),
    'trailing bytes': Buffer.concat([value, Buffer.from([0])]),
  };
  const headers = {
    traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
    bytes: Buffer.from([0xff, 0x00]),
    twice: ['a', 'b'],
  };
  const producer = rawKafka(broker.bootstrapServers).producer({ allowAutoTopicCreation: false });
  context.after(() => producer.disconnect());
  await producer.connect();
  await producer.send({
    topic,
    messages: [
      { ...first, partition: 4 },
      ...Object.entries(poison).map(([name, bytes]) => ({
        key: Buffer.concat([Buffer.from(name), Buffer.from([0xff])]),
        value: bytes,
        partition: 4,
        headers,
      })),
      { key: 'tombstone', value: null, partition: 4 },
      { ...last, partition: 4 },
    ],
  });

  const consumer = await startConsumer({
    context,
    bootstrapServers: broker.bootstrapServers,
    registry,
    topic,
  });
  await until('both orders are printed', () => consumer.stdout().length === 2);
  assert.deepEqual(
    consumer.records().map(({ offset, value }) => [offset, value.order_id]),
    [
      [0, 'order-0'],
      [10, 'order-1'],
    ],
  );

  const names = Object.keys(poison);
  await until(
    'the dead letters are acknowledged',
    async () => (await consumer.metric('orders_dlq_messages_total')) >= names.length,
  );
  const sent = await readAll(broker.bootstrapServers, topic);
  const letters = await readAll(broker.bootstrapServers, deadLetterTopic);
  assert.equal(letters.length, names.length);
  for (const [index, letter] of letters.entries()) {
    const original = sent[1 + index];
    assert.ok(original);
    assert.equal(letter.partition, 4, 'the same partition');
    assert.deepEqual(letter.key, original.key);
    assert.deepEqual(letter.value, original.value);
    for (const [name, bytes] of Object.entries(original.headers))
      assert.deepEqual(letter.headers[name], bytes);
    const header = (name: string) => String(letter.headers[name]);
    assert.equal(header('orders.dlq.reason'), 'undecodable');
    assert.equal(header('orders.dlq.topic'), topic);
    assert.equal(header('orders.dlq.partition'), '4');
    assert.equal(header('orders.dlq.offset'), String(original.offset));
    assert.equal(header('orders.dlq.timestamp'), String(original.timestampMs));
    assert.equal(header('orders.dlq.consumer-group'), `${topic}-group-01`);
    assert.equal(header('__connect.errors.offset'), String(original.offset));
  }
  const classOf = new Map(
    letters.map(({ headers }, index) => [names[index], String(headers['orders.dlq.error-class'])]),
  );
  assert.equal(classOf.get('not a frame'), 'NotAFrameError');
  assert.equal(classOf.get('unknown schema version'), 'UnknownSchemaError');
  assert.equal(classOf.get('truncated'), 'DamagedFrameError');
  assert.equal(await consumer.metric('orders_dlq_messages_total'), names.length);

  const logged = consumer.logged('record sent to the dead-letter topic');
  assert.deepEqual(
    logged.map(({ topic, partition, offset, reason }) => ({ topic, partition, offset, reason })),
    names.map((_, index) => ({
      topic,
      partition: 4,
      offset: String(index + 1),
      reason: 'undecodable',
    })),
  );
  assert.ok(
    !consumer.stderr().some((line) => line.includes('plain JSON')),
    'no payload in the log',
  );
  await consumer.stop();
});

interface Framed {
  key: Buffer;
  value: Buffer;
}

test('tombstones go to the dead-letter topic with TOMBSTONES=dlq', async (context) => {
  const topic = await createTopic(broker.bootstrapServers, { partitions: 3 });
  // With fewer partitions than the topic, the key determines the partition.
  const deadLetterTopic = await createDeadLetterTopic(broker.bootstrapServers, topic, 1);
  const producer = rawKafka(broker.bootstrapServers).producer({ allowAutoTopicCreation: false });
  context.after(() => producer.disconnect());
  await producer.connect();
  await producer.send({ topic, messages: [{ key: 'gone', value: null, partition: 2 }] });
  const consumer = await startConsumer({
    context,
    bootstrapServers: broker.bootstrapServers,
    registry,
    topic,
    env: { TOMBSTONES: 'dlq' },
  });
  const [letter] = await until('the dead letter is on the topic', async () => {
    const letters = await readAll(broker.bootstrapServers, deadLetterTopic);
    return letters.length > 0 && letters;
  });
  assert.equal(String(letter?.key), 'gone');
  assert.equal(letter?.value, null);
  assert.equal(String(letter?.headers['orders.dlq.reason']), 'rejected');
  await consumer.stop();
  assert.deepEqual(consumer.stdout(), []);
});

test('while the dead-letter topic rejects a record, its partition is paused and readiness names the record', async (context) => {
  const { bootstrapServers } = broker;
  const topic = await createTopic(bootstrapServers);
  const deadLetterTopic = await createDeadLetterTopic(bootstrapServers, topic);
  const frame = await orderFramer(registry, topic);
  const [order] = numberedOrders(0, 1).map(frame) as [Framed];
  // Fits the default size limit, but not with the headers of a dead letter.
  const large = Buffer.alloc(1_048_400, 'x');
  await writeRaw(bootstrapServers, topic, [{ value: 'small', partition: 1 }]);
  await writeRaw(bootstrapServers, topic, [{ value: large, partition: 1 }]);
  await writeRaw(bootstrapServers, topic, [{ ...order, partition: 1 }]);
  const consumer = await startConsumer({
    context,
    bootstrapServers,
    registry,
    topic,
    waitUntilReady: false,
  });
  const held = `${topic}/1 is paused: dead-letter topic ${deadLetterTopic} refuses ${topic}/1 offset 1, `;
  await until('readiness names the record', async () =>
    (await consumer.faults('/readyz')).some((fault) => fault.startsWith(held)),
  );
  await until(
    'the consumer retried',
    () => consumer.logged('partition paused, trying again later').length > 2,
  );
  assert.equal(
    (await readAll(bootstrapServers, deadLetterTopic)).length,
    1,
    'no dead letter is written twice',
  );
  assert.deepEqual(await consumer.faults('/healthz'), []);

  const admin = rawKafka(bootstrapServers).admin();
  context.after(() => admin.disconnect());
  await admin.connect();
  await admin.alterConfigs({
    validateOnly: false,
    resources: [
      {
        type: kafkajs.ConfigResourceTypes.TOPIC,
        name: deadLetterTopic,
        configEntries: [{ name: 'max.message.bytes', value: String(10 * 1024 * 1024) }],
      },
    ],
  });
  await until('the next order is printed', () => consumer.stdout().length === 1);
  const letters = await readAll(bootstrapServers, deadLetterTopic);
  assert.deepEqual(letters[1]?.value, large);
  assert.equal(letters.length, 2);
  assert.equal((await consumer.stop()).code, 0);
});
