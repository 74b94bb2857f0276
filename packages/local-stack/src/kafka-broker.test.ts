import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { after, before, test } from 'node:test';
import { Kafka, logLevel } from 'kafkajs';
import { type OwnBroker, startOwnBroker } from './kafka-broker.ts';
import { brokerImage } from './kafka-container.ts';
import { chooseKafkaRuntime } from './kafka-runtime.ts';
import { createTopic, endOffsets, rawKafka, readAll, writeRaw } from './topics.ts';
import { until } from './until.ts';

let broker: OwnBroker;
before(async () => {
  broker = await startOwnBroker();
});
after(() => broker.stop());

/** kafkajs waits for its requests in flight before it disconnects, by default for 30 s. */
const impatientKafka = (server: string) =>
  new Kafka({
    brokers: [server],
    requestTimeout: 2_000,
    retry: { retries: 0 },
    logLevel: logLevel.NOTHING,
  });

test('D-07 the broker is a container of Testcontainers if a Docker daemon has the image, else Kafka on Java', async () => {
  const kind = await chooseKafkaRuntime(process.env, brokerImage, () => {});
  assert.equal(broker.kind, kind);
  const port = broker.bootstrapServers.split(':')[1];
  const filters = ['--filter', 'label=org.testcontainers=true', '--filter', `publish=${port}`];
  const found = spawnSync('docker', ['ps', ...filters, '--format', '{{.Image}}']);
  assert.equal(String(found.stdout).trim(), kind === 'docker' ? brokerImage : '');
});

test('a killed broker restarts on the same port with the same records', async () => {
  const topic = await createTopic(broker.bootstrapServers);
  await writeRaw(broker.bootstrapServers, topic, [{ key: 'a', value: 'first', partition: 2 }]);
  await broker.kill();
  await broker.start();
  await writeRaw(broker.bootstrapServers, topic, [{ key: 'a', value: 'second', partition: 2 }]);
  const records = await readAll(broker.bootstrapServers, topic);
  assert.deepEqual(
    records.map(({ partition, offset, value }) => [partition, offset, value?.toString()]),
    [
      [2, 0n, 'first'],
      [2, 1n, 'second'],
    ],
  );
});

test('when the proxy drops an answer, the record is on the topic and the client gets no answer', async () => {
  const topic = await createTopic(broker.bootstrapServers, { partitions: 1 });
  const producer = rawKafka(broker.proxiedServers).producer({ retry: { retries: 0 } });
  await producer.connect();
  const dropped = broker.proxy.dropNextAnswer('Produce', 'cut');
  await assert.rejects(producer.send({ topic, acks: -1, messages: [{ value: 'written' }] }));
  await dropped;
  await producer.disconnect();
  assert.deepEqual(await endOffsets(broker.bootstrapServers, topic), new Map([[0, 1n]]));
});

test('a request that the proxy holds reaches the broker after its client has gone', async () => {
  const topic = await createTopic(broker.bootstrapServers, { partitions: 1 });
  const producer = impatientKafka(broker.proxiedServers).producer();
  await producer.connect();
  const late = Promise.withResolvers<void>();
  const { reached } = broker.proxy.intercept({ request: 'Produce' }, async (exchange) => {
    await late.promise;
    await exchange.forward();
  });
  const sent = producer.send({ topic, acks: -1, messages: [{ value: 'late' }] });
  await Promise.race([reached, sent]);
  sent.catch(() => {});
  await producer.disconnect();
  assert.deepEqual(await endOffsets(broker.bootstrapServers, topic), new Map([[0, 0n]]));
  late.resolve();
  await until(
    'the record is on the topic',
    async () => (await endOffsets(broker.bootstrapServers, topic)).get(0) === 1n,
  );
});

test('a paused broker answers nothing until it is resumed', async () => {
  const topic = await createTopic(broker.bootstrapServers, { partitions: 1 });
  const producer = rawKafka(broker.bootstrapServers).producer();
  await producer.connect();
  await producer.send({ topic, acks: -1, messages: [{ value: 'before' }] });
  await broker.pause();
  let answered = false;
  const sent = producer.send({ topic, acks: -1, messages: [{ value: 'while paused' }] });
  sent.then(() => {
    answered = true;
  });
  const impatient = impatientKafka(broker.bootstrapServers).admin();
  await assert.rejects(impatient.connect(), /timed out/);
  assert.equal(answered, false);
  await broker.resume();
  await sent;
  await producer.disconnect();
  // A broker that was paused for longer than its session regains leadership a moment later.
  const ends = await until('the broker leads again', () =>
    endOffsets(broker.bootstrapServers, topic),
  );
  assert.deepEqual(ends, new Map([[0, 2n]]));
});
