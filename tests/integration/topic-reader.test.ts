import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { startBroker } from '@order-stream/local-stack/kafka-broker';
import {
  addPartitions,
  createTopic,
  deleteRecords,
  endOffsets,
  rawKafka,
  readAll,
  writeRaw,
} from '@order-stream/local-stack/topics';
import { until } from '@order-stream/local-stack/until';
import {
  createKafkaClient,
  createLogger,
  createTopicReader,
  type TopicReaderOptions,
  type TopicRecord,
} from '@order-stream/runtime';

const broker = await startBroker();
const { bootstrapServers } = broker;
const logger = createLogger({ name: 'tests', level: 'silent' });
const client = createKafkaClient(
  { BOOTSTRAP_SERVERS: [bootstrapServers], SECURITY_PROTOCOL: 'PLAINTEXT' },
  { logger, clientId: 'tests' },
);
after(async () => {
  await client.close();
  await broker.stop();
});

const readerOf = (
  options: Pick<TopicReaderOptions, 'topic' | 'from'> & Partial<TopicReaderOptions>,
) => createTopicReader(client, { signal: new AbortController().signal, logger, ...options });

async function readToEnd(reader: ReturnType<typeof readerOf>): Promise<TopicRecord[]> {
  const records: TopicRecord[] = [];
  while (reader.open().length > 0) records.push(...(await reader.read()));
  return records;
}

test('every record between the positions and the ends is read once, in order, byte for byte', async () => {
  const topic = await createTopic(bootstrapServers, { partitions: 3 });
  await writeRaw(
    bootstrapServers,
    topic,
    Array.from({ length: 3_000 }, (_, index) => ({
      key: `key-${index}`,
      value: Buffer.alloc(500, index),
      partition: index % 3,
    })),
  );
  const reader = readerOf({
    topic,
    from: new Map([
      [0, 0n],
      [1, 250n],
      [2, 1_000n],
    ]),
    to: new Map([
      [0, 999n],
      [1, 1_000n],
      [2, 1_000n],
    ]),
    maxBytesPerPartition: 20_000,
  });
  const records = await readToEnd(reader);
  const expected = (await readAll(bootstrapServers, topic)).filter(
    ({ partition, offset }) =>
      (partition === 0 && offset < 999n) || (partition === 1 && offset >= 250n),
  );
  for (const partition of [0, 1, 2])
    assert.deepEqual(
      records
        .filter((one) => one.partition === partition)
        .map(({ offset, key, value, timestampMs }) => ({ offset, key, value, timestampMs })),
      expected
        .filter((one) => one.partition === partition)
        .map(({ offset, key, value, timestampMs }) => ({ offset, key, value, timestampMs })),
    );
});

test('records that retention deleted before they were read are reported, and reading goes on behind them', async () => {
  const topic = await createTopic(bootstrapServers, { partitions: 1 });
  await writeRaw(
    bootstrapServers,
    topic,
    ['a', 'b', 'c', 'd'].map((value) => ({ value })),
  );
  await deleteRecords(bootstrapServers, topic, 0, 3n);
  const skipped: unknown[] = [];
  const reader = readerOf({
    topic,
    from: new Map([[0, 1n]]),
    to: new Map([[0, 4n]]),
    onSkipped: (...gap) => skipped.push(gap),
  });
  assert.deepEqual(
    (await readToEnd(reader)).map(({ value }) => String(value)),
    ['d'],
  );
  assert.deepEqual(skipped, [[0, 1n, 3n]]);
});

test('an offset behind the end of the log is an error that names both', async () => {
  const topic = await createTopic(bootstrapServers, { partitions: 1 });
  await writeRaw(bootstrapServers, topic, [{ value: 'a' }]);
  await assert.rejects(readerOf({ topic, from: new Map([[0, 9n]]) }).read(), {
    code: 'read-position',
    message: `${topic}/0: offset 9 is past the end 1. The topic may have been created again: read it from the start`,
  });
});

test('the end is reached although only the marker of a transaction stands before it', async (context) => {
  const topic = await createTopic(bootstrapServers, { partitions: 1 });
  const producer = rawKafka(bootstrapServers).producer({
    transactionalId: topic,
    maxInFlightRequests: 1,
    idempotent: true,
  });
  context.after(() => producer.disconnect());
  await producer.connect();
  const transaction = await producer.transaction();
  await transaction.send({ topic, messages: [{ value: 'a' }] });
  await transaction.abort();
  const reader = readerOf({ topic, from: new Map([[0, 0n]]), to: new Map([[0, 2n]]) });
  assert.deepEqual(await readToEnd(reader), []);
});

test('partitions are read once they exist, and a stop ends a wait for records', async (context) => {
  const topic = await createTopic(bootstrapServers, { partitions: 1 });
  const stop = new AbortController();
  context.after(() => stop.abort());
  const reasons: unknown[] = [];
  const reader = readerOf({
    topic,
    logger: {
      ...logger,
      warn: (fields: { reason: unknown }) => reasons.push(fields.reason),
    } as never,
    from: new Map([
      [0, 0n],
      [1, 0n],
    ]),
    signal: stop.signal,
  });
  const found: TopicRecord[] = [];
  const reading = (async () => {
    while (!stop.signal.aborted) found.push(...(await reader.read()));
  })();
  // From now on, the client has to ask again which partitions there are.
  await until('the reader has looked for the partition', () => reasons.length > 0);
  await addPartitions(bootstrapServers, topic, 2);
  // Before, kafkajs would drop the record without an error.
  await until(
    'the broker knows the new partition',
    async () => (await endOffsets(bootstrapServers, topic)).size === 2,
  );
  await writeRaw(bootstrapServers, topic, [{ value: 'new', partition: 1 }]);
  await until('its record is read', () => found.length > 0);
  stop.abort();
  await reading;
  assert.equal(String(found[0]?.value), 'new');
});
