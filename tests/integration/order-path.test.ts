import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  type ConsumerProcess,
  createDeadLetterTopic,
  startConsumer,
} from '@order-stream/local-stack/consumer';
import { type LocalRegistry, startGlueLocal } from '@order-stream/local-stack/glue-local';
import { type Broker, startBroker } from '@order-stream/local-stack/kafka-broker';
import { type ProducerProcess, startProducer } from '@order-stream/local-stack/producer';
import { printedOrder, referenceOrder } from '@order-stream/local-stack/reference-order';
import { createTopic } from '@order-stream/local-stack/topics';
import { until } from '@order-stream/local-stack/until';
import { createOrderGenerator, type GeneratedOrder } from '@order-stream/orders-cli';

let broker: Broker;
let registry: LocalRegistry;
let topic: string;
let producer: ProducerProcess;
let consumer: ConsumerProcess;

before(async () => {
  [broker, registry] = await Promise.all([startBroker(), startGlueLocal()]);
  topic = await createTopic(broker.bootstrapServers);
  await createDeadLetterTopic(broker.bootstrapServers, topic);
  const stack = { bootstrapServers: broker.bootstrapServers, registry, topic };
  [producer, consumer] = await Promise.all([startProducer(stack), startConsumer(stack)]);
});
after(async () => {
  await Promise.all([producer?.stop(25_000), consumer?.stop(25_000)]);
  await registry?.close();
  await broker?.stop();
});

test('S0-02 D-01 D-03 the reference order is posted over HTTP and printed unchanged', async () => {
  const { status, body } = await producer.post(referenceOrder);
  assert.equal(status, 201);
  const [line] = await until('the order is printed', () => {
    const records = consumer.records();
    return records.length > 0 && records;
  });
  assert.equal(line?.topic, topic);
  assert.equal(line?.partition, body.partition);
  assert.equal(String(line?.offset), body.offset);
  assert.equal(line?.key, `{"order_id": "${referenceOrder.order_id}"}`);
  assert.equal(line?.value.ordered_at, '2023-04-06T01:50:13.045Z');
  assert.deepEqual(line?.value, printedOrder(referenceOrder));
});

test('S0-06 P1 P4 10 000 generated orders get one receipt and one printed line each, unchanged and in order per partition', async () => {
  const count = 10_000;
  const printedBefore = consumer.records().length;
  const generator = createOrderGenerator('ten thousand');
  const sent = new Map<string, GeneratedOrder>();
  const receipts = new Map<string, string>();
  const client = async () => {
    while (sent.size < count) {
      const order = generator.next(Date.now());
      sent.set(order.order_id, order);
      const { status, body } = await producer.post(order);
      assert.equal(status, 201);
      receipts.set(order.order_id, `${body.partition}/${body.offset}`);
    }
  };
  await Promise.all(Array.from({ length: 64 }, client));
  assert.equal(receipts.size, count);
  assert.equal(new Set(receipts.values()).size, count, 'no two receipts have the same offset');

  const lines = await until('all are printed', () => {
    const records = consumer.records();
    return records.length >= printedBefore + count && records.slice(printedBefore);
  });
  assert.equal(lines.length, count);
  const lastOffset = new Map<number, number>();
  for (const { partition, offset, value } of lines) {
    const order = sent.get(value.order_id) as GeneratedOrder;
    assert.equal(receipts.get(value.order_id), `${partition}/${offset}`);
    assert.deepEqual(value, printedOrder(order));
    assert.ok(offset > (lastOffset.get(partition) ?? -1), `partition ${partition} in order`);
    lastOffset.set(partition, offset);
    sent.delete(value.order_id);
  }
  assert.equal(sent.size, 0, 'no order is missing');
  assert.deepEqual([...lastOffset.keys()].sort(), [0, 1, 2, 3, 4, 5]);
});
