import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createDeadLetterTopic, startConsumer } from '@order-stream/local-stack/consumer';
import { type LocalRegistry, startGlueLocal } from '@order-stream/local-stack/glue-local';
import { type Broker, startBroker } from '@order-stream/local-stack/kafka-broker';
import { type ProducerProcess, startProducer } from '@order-stream/local-stack/producer';
import { decodedOrder, referenceOrder } from '@order-stream/local-stack/reference-order';
import { createTopic } from '@order-stream/local-stack/topics';
import { until } from '@order-stream/local-stack/until';
import { partitionFor } from '@order-stream/runtime';
import { newestOrderSchema } from '../../services/order-producer/src/newest-order-schema.ts';
import { orderKey } from '../../services/order-producer/src/order-encoder.ts';
import { resolveAvro } from '../conformance/avro-type.ts';
import { fixturesOf } from '../conformance/fixtures.ts';
import type { ForeignProcess } from '../conformance/foreign-process.ts';
import { startPythonLibrary } from '../conformance/python-library.ts';
import { asPython, type PythonValue } from '../conformance/python-value.ts';
import { readAvroJson } from '../conformance/read-avro-json.ts';

const partitions = 6;
const env = { REGISTRY_NAME: 'conformance' };

let broker: Broker;
let registry: LocalRegistry;
let python: ForeignProcess;
let topic: string;
let producer: ProducerProcess;

before(async () => {
  [broker, registry] = await Promise.all([startBroker(), startGlueLocal()]);
  topic = await createTopic(broker.bootstrapServers, { partitions });
  const { bootstrapServers } = broker;
  [python, producer] = await Promise.all([
    startPythonLibrary(registry.endpoint),
    startProducer({ bootstrapServers, registry, topic, env }),
  ]);
});
after(async () => {
  await Promise.all([producer?.stop(25_000), python?.close()]);
  await registry?.close();
  await broker?.stop();
});

interface PythonRecord {
  partition: bigint;
  offset: bigint;
  key: string;
  value: PythonValue;
}

test('S0-04 S0-06 a Python consumer reads posted orders at the offsets of their receipts, with every digit', async () => {
  const orderType = resolveAvro(newestOrderSchema());
  const largeOrder = { ...referenceOrder, order_id: '0f1c0a3e-7a48-4d5f-9d0c-6c7a2b1d9e55' };
  const orders = [
    [referenceOrder, JSON.stringify(decodedOrder(referenceOrder))],
    [largeOrder, JSON.stringify(decodedOrder(largeOrder)).replace('5947', '9007199254740993')],
  ] as const;
  const expected: PythonRecord[] = [];
  for (const [order, text] of orders) {
    const posted = text.replace('9007199254740993', '"9007199254740993"');
    const { status, body } = await producer.post(posted);
    assert.equal(status, 201);
    expected.push({
      partition: BigInt(body.partition as number),
      offset: BigInt(body.offset as string),
      key: Buffer.from(`{"order_id": "${order.order_id}"}`).toString('base64'),
      value: asPython(readAvroJson(orderType, text), 'plain'),
    });
  }
  const { records } = await python.call<{ records: PythonRecord[] }>({
    do: 'consume',
    servers: broker.bootstrapServers,
    topic,
    count: orders.length,
  });
  const byKey = (a: PythonRecord, b: PythonRecord) => a.key.localeCompare(b.key);
  assert.deepEqual(records.sort(byKey), expected.sort(byKey));
});

test('S0-04 S0-05 S0-06 the consumer prints an order that a Python producer wrote with the reference schema', async () => {
  const { bootstrapServers } = broker;
  const [fixture] = fixturesOf('avro').filter(({ tags }) => tags.includes('order-space'));
  assert.ok(fixture);
  const order = JSON.parse(fixture.value);
  const theirTopic = await createTopic(bootstrapServers, { partitions });
  await createDeadLetterTopic(bootstrapServers, theirTopic);
  const consumer = await startConsumer({ bootstrapServers, registry, topic: theirTopic, env });
  try {
    const sent = await python.call<{ partition: bigint; offset: bigint }>({
      do: 'produce',
      servers: bootstrapServers,
      topic: theirTopic,
      schema: fixture.schema,
      order_id: order.order_id,
      value: asPython(readAvroJson(resolveAvro(fixture.schema), fixture.value), 'tagged'),
    });
    assert.equal(sent.partition, BigInt(partitionFor(orderKey(order.order_id), partitions)));
    const [record] = await until('the order is printed', () => {
      const records = consumer.records();
      return records.length > 0 && records;
    });
    assert.equal(record?.partition, Number(sent.partition));
    assert.equal(record?.offset, Number(sent.offset));
    assert.equal(record?.key, `{"order_id": "${order.order_id}"}`);
    assert.deepEqual(record?.value, {
      ...order,
      ordered_at: new Date(order.ordered_at).toISOString(),
    });
  } finally {
    await consumer.stop(25_000);
  }
});
