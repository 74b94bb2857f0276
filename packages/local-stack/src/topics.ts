import { randomUUID } from 'node:crypto';
import { type Admin, type IHeaders, Kafka, logLevel } from 'kafkajs';
import { until } from './until.ts';

/** A record as the topic holds it. */
export interface RawRecord {
  partition: number;
  offset: bigint;
  timestampMs: number;
  key: Buffer | null;
  value: Buffer | null;
  headers: IHeaders;
}

/** A plain kafkajs client, so that tests read topics without the code under test. */
export function rawKafka(bootstrapServers: string): Kafka {
  return new Kafka({
    clientId: 'tests',
    brokers: bootstrapServers.split(','),
    logLevel: logLevel.NOTHING,
  });
}

async function withAdmin<T>(bootstrapServers: string, use: (admin: Admin) => Promise<T>) {
  // A coordinator on a busy machine loads its groups for longer than kafkajs waits by default.
  const admin = rawKafka(bootstrapServers).admin({ retry: { retries: 8 } });
  await admin.connect();
  try {
    return await use(admin);
  } finally {
    await admin.disconnect();
  }
}

/** Creates a topic that no other test uses and returns its name. */
export async function createTopic(
  bootstrapServers: string,
  options: { partitions?: number; prefix?: string; config?: Record<string, string> } = {},
): Promise<string> {
  const topic = `${options.prefix ?? 'orders'}-${randomUUID()}`;
  await createTopicNamed(bootstrapServers, topic, options);
  return topic;
}

export async function createTopicNamed(
  bootstrapServers: string,
  topic: string,
  options: { partitions?: number; config?: Record<string, string> } = {},
): Promise<void> {
  await withAdmin(bootstrapServers, async (admin) => {
    await admin.createTopics({
      // kafkajs's own wait fails while the broker does not know the topic yet.
      waitForLeaders: false,
      topics: [
        {
          topic,
          numPartitions: options.partitions ?? 6,
          configEntries: Object.entries(options.config ?? {}).map(([name, value]) => ({
            name,
            value,
          })),
        },
      ],
    });
    await until(`${topic} has leaders`, async () => {
      const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
      return topics[0]?.partitions.every(({ leader }) => leader >= 0);
    });
  });
}

/** Raises the topic's number of partitions to `count`. */
export async function addPartitions(
  bootstrapServers: string,
  topic: string,
  count: number,
): Promise<void> {
  await withAdmin(bootstrapServers, (admin) =>
    admin.createPartitions({ topicPartitions: [{ topic, count }] }),
  );
}

/** Resolves when the broker no longer takes records for the topic, which is later than the controller's answer. */
export async function deleteTopic(bootstrapServers: string, topic: string): Promise<void> {
  await withAdmin(bootstrapServers, async (admin) => {
    await admin.deleteTopics({ topics: [topic] });
    await until(`${topic} is deleted`, async () => !(await admin.listTopics()).includes(topic));
  });
}

/** Deletes a topic and creates it again as soon as the broker allows it: the log begins again at offset 0. */
export async function recreateTopic(
  bootstrapServers: string,
  topic: string,
  options: { partitions?: number } = {},
): Promise<void> {
  await withAdmin(bootstrapServers, (admin) => admin.deleteTopics({ topics: [topic] }));
  await until(`${topic} is created again`, async () => {
    await createTopicNamed(bootstrapServers, topic, options);
    return true;
  });
}

/** Deletes the records of a partition before an offset, as retention does. */
export async function deleteRecords(
  bootstrapServers: string,
  topic: string,
  partition: number,
  before: bigint,
): Promise<void> {
  const partitions = [{ partition, offset: String(before) }];
  await withAdmin(bootstrapServers, async (admin) => {
    // kafkajs deletes records only of topics whose offsets it has asked for.
    await admin.fetchTopicOffsets(topic);
    await admin.deleteTopicRecords({ topic, partitions });
  });
}

/** The next offset of each partition. */
export function endOffsets(bootstrapServers: string, topic: string): Promise<Map<number, bigint>> {
  return withAdmin(bootstrapServers, async (admin) => {
    const offsets = await admin.fetchTopicOffsets(topic);
    return new Map(offsets.map(({ partition, high }) => [partition, BigInt(high)]));
  });
}

/** The offsets that a group has committed: partition → next offset. Partitions without a commit are absent. */
export function committedOffsets(bootstrapServers: string, groupId: string, topic: string) {
  return withAdmin(bootstrapServers, async (admin) => {
    const [group] = await admin.fetchOffsets({ groupId, topics: [topic] });
    const committed = (group?.partitions ?? []).filter(({ offset }) => offset !== '-1');
    return new Map(committed.map(({ partition, offset }) => [partition, BigInt(offset)]));
  });
}

/** True if a group has read and committed every record. */
export async function isAllCommitted(bootstrapServers: string, groupId: string, topic: string) {
  const committed = await committedOffsets(bootstrapServers, groupId, topic);
  const ends = await endOffsets(bootstrapServers, topic);
  return [...ends].every(([partition, end]) => end === (committed.get(partition) ?? 0n));
}

/** Every record on the topic at the time of the call, in partition and offset order. */
export async function readAll(bootstrapServers: string, topic: string): Promise<RawRecord[]> {
  const ranges = await withAdmin(bootstrapServers, (admin) => admin.fetchTopicOffsets(topic));
  const missing = new Map(
    ranges
      .filter(({ low, high }) => BigInt(high) > BigInt(low))
      .map(({ partition, high }) => [partition, BigInt(high)]),
  );
  const records: RawRecord[] = [];
  if (missing.size === 0) return records;
  const consumer = rawKafka(bootstrapServers).consumer({ groupId: `tests-${randomUUID()}` });
  await consumer.connect();
  try {
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    await new Promise<void>((resolve, reject) => {
      consumer.on('consumer.crash', ({ payload }) => {
        if (!payload.restart) reject(payload.error);
      });
      consumer
        .run({
          // Without commits, the broker forgets the group when the consumer disconnects.
          autoCommit: false,
          eachBatch: async ({ batch }) => {
            const end = missing.get(batch.partition);
            if (end === undefined) return;
            for (const message of batch.messages) {
              if (BigInt(message.offset) >= end) break;
              records.push({
                partition: batch.partition,
                offset: BigInt(message.offset),
                timestampMs: Number(message.timestamp),
                key: message.key,
                value: message.value,
                headers: message.headers ?? {},
              });
            }
            if (BigInt(batch.lastOffset()) >= end - 1n) missing.delete(batch.partition);
            if (missing.size === 0) resolve();
          },
        })
        .catch(reject);
    });
  } finally {
    await consumer.disconnect();
  }
  return records.sort((a, b) => a.partition - b.partition || Number(a.offset - b.offset));
}

/** Writes records unchanged, without the code under test. */
export async function writeRaw(
  bootstrapServers: string,
  topic: string,
  messages: { key?: Buffer | string | null; value: Buffer | string | null; partition?: number }[],
): Promise<void> {
  // Idempotent: kafkajs sends all partitions of a request again when the broker does not know one of a new topic yet.
  const producer = rawKafka(bootstrapServers).producer({
    allowAutoTopicCreation: false,
    idempotent: true,
    maxInFlightRequests: 1,
  });
  await producer.connect();
  try {
    await producer.send({ topic, acks: -1, messages });
  } finally {
    await producer.disconnect();
  }
}
