import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Broker, startBroker } from '@order-stream/local-stack/kafka-broker';
import { createTopic } from '@order-stream/local-stack/topics';
import { createKafkaClient, createKafkaWriter, createLogger } from '@order-stream/runtime';
import type { ForeignProcess } from './foreign-process.ts';
import { startJavaProgram } from './java-library.ts';

let broker: Broker;
let java: ForeignProcess;
before(async () => {
  [broker, java] = await Promise.all([startBroker(), startJavaProgram('ReadTopic.java')]);
});
after(async () => {
  await java?.close();
  await broker?.stop();
});

for (const compression of ['gzip', 'snappy', 'lz4', 'zstd'] as const)
  test(`Kafka’s own client reads a batch compressed with ${compression}`, async () => {
    const { bootstrapServers } = broker;
    const topic = await createTopic(bootstrapServers, {
      partitions: 1,
      // The batch below exceeds this limit unless it is compressed.
      config: { 'max.message.bytes': '20000' },
    });
    const logger = createLogger({ name: 'compression-test', level: 'fatal' });
    const client = createKafkaClient(
      { BOOTSTRAP_SERVERS: bootstrapServers.split(','), SECURITY_PROTOCOL: 'PLAINTEXT' },
      { logger, clientId: 'compression-test' },
    );
    const writer = createKafkaWriter(client, { logger, compression });
    await writer.start([topic]);
    const values = [
      ...Array.from({ length: 100 }, (_, index) => `${compression} ${index}`),
      'order '.repeat(20_000),
    ];
    const deadline = performance.now() + 10_000;
    await Promise.all(
      values.map((value) => {
        const record = { key: null, value: Buffer.from(value), timestampMs: Date.now() };
        return new Promise((written, failed) =>
          writer.append(topic, 0, record, deadline, written, failed),
        );
      }),
    );
    await writer.close();
    await client.close();
    assert.deepEqual(await java.call({ bootstrapServers, topic }), { values });
  });
