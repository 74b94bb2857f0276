import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type LocalRegistry, startGlueLocal } from '@order-stream/local-stack/glue-local';
import { type OwnBroker, startOwnBroker } from '@order-stream/local-stack/kafka-broker';
import { type ProducerProcess, startProducer } from '@order-stream/local-stack/producer';
import { createTopic, rawKafka, readAll } from '@order-stream/local-stack/topics';
import { until } from '@order-stream/local-stack/until';

let broker: OwnBroker;
let registry: LocalRegistry;
let producer: ProducerProcess;
let topic: string;

const hour = 3_600_000;
const config = { 'retention.ms': String(hour), 'segment.ms': '1000' };

before(async () => {
  [broker, registry] = await Promise.all([
    startOwnBroker({
      'log.retention.check.interval.ms': '500',
      'log.initial.task.delay.ms': '500',
    }),
    startGlueLocal(),
  ]);
  topic = await createTopic(broker.bootstrapServers, { partitions: 1, config });
  producer = await startProducer({ bootstrapServers: broker.bootstrapServers, registry, topic });
});
after(async () => {
  await producer?.stop(10_000);
  await registry?.close();
  await broker?.stop();
});

test('P1 orders dated 2023 and 2099 are acknowledged with the others and survive a retention check', async (context) => {
  const times = ['2023-04-06T01:50:13.045Z', '2099-12-31T23:59:59Z', new Date().toISOString()];
  const answers = await Promise.all(
    times.map((ordered_at) =>
      producer.post({
        ordered_at,
        user_id: 'dated',
        order_items: [{ product_id: 1, quantity: 1 }],
      }),
    ),
  );
  assert.deepEqual(
    answers.map(({ status }) => status),
    [201, 201, 201],
  );

  // Shows that the check has run: a record with a timestamp of 2023, on a topic with the same settings.
  const witness = await createTopic(broker.bootstrapServers, { partitions: 1, config });
  const kafka = rawKafka(broker.bootstrapServers);
  const writer = kafka.producer();
  context.after(() => writer.disconnect());
  await writer.connect();
  await writer.send({
    topic: witness,
    messages: [{ value: 'old', timestamp: String(Date.UTC(2023, 3, 6)) }],
  });
  const admin = kafka.admin();
  context.after(() => admin.disconnect());
  await admin.connect();
  await until('Kafka has deleted the record of 2023', async () => {
    const [range] = await admin.fetchTopicOffsets(witness);
    return range?.low === '1';
  });

  const keys = (await readAll(broker.bootstrapServers, topic)).map(({ key }) => String(key));
  assert.deepEqual(
    keys.sort(),
    answers.map(({ body }) => `{"order_id": "${body.order_id}"}`).sort(),
  );
});
