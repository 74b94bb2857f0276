import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { createDeadLetterTopic, startConsumer } from '@order-stream/local-stack/consumer';
import { type Broker, startBroker } from '@order-stream/local-stack/kafka-broker';
import { startMoto } from '@order-stream/local-stack/moto';
import { createBucket } from '@order-stream/local-stack/order-bucket';
import { createTopicNamed, writeRaw } from '@order-stream/local-stack/topics';
import { until } from '@order-stream/local-stack/until';
import { topicName } from '@order-stream/serde';
import { type Files, filesOf, framedValues, recorded } from './connect-files.ts';
import { withoutEscapes } from './connect-lines.ts';
import { startRegistry } from './registry.ts';

const recordsPerFile = 10;

let broker: Broker;
let registry: Awaited<ReturnType<typeof startRegistry>>;
let moto: Awaited<ReturnType<typeof startMoto>>;
let stored: Files;
before(async () => {
  [broker, registry, moto] = await Promise.all([
    startBroker(),
    startRegistry(topicName),
    startMoto(),
  ]);
  stored = await storedFiles();
});
after(async () => {
  await moto?.stop();
  await registry?.close();
  await broker?.stop();
});

/** Writes the recorded values to topics, and returns the files that the consumer stores, with the topics' recorded names. */
async function storedFiles(): Promise<Files> {
  const { bootstrapServers } = broker;
  const run = randomUUID();
  const names = Object.keys(recorded.topics);
  let completeFiles = 0;
  for (const [name, source] of Object.entries(recorded.topics)) {
    const topic = `${name}-${run}`;
    await createTopicNamed(bootstrapServers, topic, source);
    await createDeadLetterTopic(bootstrapServers, topic, 1);
    const values = await framedValues(registry, topic, source);
    await writeRaw(bootstrapServers, topic, values);
    const lines = values.filter(({ value }) => value !== null).length;
    completeFiles += Math.floor(lines / recordsPerFile);
  }
  const bucket = await createBucket(moto.endpoint);
  const consumer = await startConsumer({
    bootstrapServers,
    registry,
    topic: names.map((name) => `${name}-${run}`).join(),
    env: {
      ...moto.environment,
      SINKS: 's3',
      S3_BUCKET: bucket.name,
      S3_FORCE_PATH_STYLE: 'true',
      S3_FLUSH_RECORDS: String(recordsPerFile),
      // No file is closed by its time: it is never just before midnight there.
      S3_FLUSH_MS: '86400000',
      S3_TIMEZONE: new Date().getUTCHours() < 12 ? 'UTC' : 'Etc/GMT+12',
    },
  });
  try {
    await until(
      'all complete files are stored',
      async () => (await bucket.keys()).length === completeFiles,
    );
    // Stores the file that is not complete.
    assert.equal((await consumer.stop()).code, 0);
  } finally {
    await consumer.kill();
  }
  return Object.fromEntries(
    (await bucket.files()).map(({ key, body }) => [
      key.replaceAll(`-${run}`, ''),
      body.toString().split('\n').slice(0, -1).map(withoutEscapes),
    ]),
  );
}

/** The files that Kafka Connect stored of a topic. */
function connectFiles(name: string): Files {
  const files = Object.entries(filesOf(recorded.files, name));
  return Object.fromEntries(files.map(([key, lines]) => [key, lines.map(withoutEscapes)]));
}

test('S3-08 S3-09 orders of three partitions, with tombstones, are in the same files as by Kafka Connect’s S3 sink, line for line', () => {
  const files = filesOf(stored, 'orders');
  assert.equal(Object.keys(files).length, 9);
  assert.deepEqual(files, connectFiles('orders'));
});

test('S3-08 values of each Avro type are the same lines as by Kafka Connect’s S3 sink', () => {
  assert.deepEqual(filesOf(stored, 'types'), connectFiles('types'));
});

test('S3-08 when the schema changes, the lines are those of Kafka Connect’s S3 sink, which also begins a new file', () => {
  const ours = filesOf(stored, 'changed');
  const theirs = connectFiles('changed');
  const keys = (...offsets: string[]) =>
    offsets.map((offset) => `topics/changed/partition=0/changed+0+00000000${offset}.json`);
  assert.deepEqual(Object.keys(theirs), keys('00', '10', '15'));
  assert.deepEqual(Object.keys(ours), keys('00', '10', '20'));
  assert.deepEqual(Object.values(ours).flat(), Object.values(theirs).flat());
});
