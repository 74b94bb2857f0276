import type { KafkaClient } from '../kafka-client.ts';
import { authenticationFault, type KafkaError, OverloadedError } from '../kafka-errors.ts';
import type { Logger } from '../logger.ts';
import { createDelivery } from './delivery.ts';
import {
  type CompressionType,
  createIdempotentProducer,
  type IdempotentProducer,
} from './idempotent-producer.ts';
import { createInFlight } from './in-flight.ts';
import { type OutgoingRecord, recordBytes } from './outgoing-record.ts';
import { createProducerIds, type ProducerIds } from './producer-ids.ts';
import { createRefusals } from './refusals.ts';
import { createTopicLeaders, type TopicLeaders } from './topic-leaders.ts';
import { type BatchEnded, createTopicQueue, type TopicQueue } from './topic-queue.ts';

export interface KafkaWriter {
  /** Connects and learns the topics' leaders. @throws AuthenticationError and what the client throws */
  start(topics: readonly string[]): Promise<void>;
  /**
   * Asks the brokers for the topics' partitions. If they changed, the client that sends asks as well, so that it can write
   * to new partitions at once.
   *
   * @returns names of the topics that exist
   * @throws the client's error when no broker answers
   */
  refresh(topics: readonly string[]): Promise<ReadonlySet<string>>;
  /** Number of partitions that records can be written to; undefined while the topic is not known. */
  partitionCount(topic: string): number | undefined;
  /**
   * Writes one record with acks=all. Records of one partition are written in the order of the calls.
   *
   * Calls one of the two functions, once: `written` with the record's offset, or `failed` with OverloadedError (before
   * it returns), SendRefusedError, BrokerUnavailableError (nothing written) or SendOutcomeUnknownError, after retries.
   * Callbacks, because a promise for each order costs a sixth of its whole CPU.
   *
   * @param deadline By `performance.now()`; not before that of an earlier record of the partition.
   */
  append(
    topic: string,
    partition: number,
    record: OutgoingRecord,
    deadline: number,
    written: (offset: bigint) => void,
    failed: (error: KafkaError) => void,
  ): void;
  /** Why the brokers refuse every write to the topic, in words; undefined while they do not. */
  faultOf(topic: string): string | undefined;
  /** Records without an answer, and their size. */
  inFlight(): { records: number; bytes: number };
  /** Waits until each record has its answer, then disconnects. */
  close(): Promise<void>;
}

export interface KafkaWriterOptions {
  logger: Logger;
  /** How long the broker may wait for replicas, in ms. Default 5000. */
  requestTimeoutMs?: number;
  /** Compression of record batches. Default `none`. */
  compression?: CompressionType;
  /** Records beyond these limits fail with OverloadedError. No limits by default. */
  maxInFlight?: number;
  maxInFlightBytes?: number;
  /** Called when a batch has its answer. */
  batchEnded?: BatchEnded;
}

/** The one way to write records to Kafka: in order per partition, idempotent, acknowledged by all replicas. */
export function createKafkaWriter(client: KafkaClient, options: KafkaWriterOptions): KafkaWriter {
  const { requestTimeoutMs = 5_000, compression = 'none' } = options;
  const leaders = createTopicLeaders();
  return createWriter(
    {
      leaders,
      producesSent: client.producesSent,
      partitionMetadata: client.partitionMetadata,
      createProducer: () =>
        createIdempotentProducer(client, leaders, { requestTimeoutMs, compression }),
    },
    options,
  );
}

/** The brokers as the writer uses them. */
export interface WriterBrokers {
  leaders: TopicLeaders;
  createProducer(): IdempotentProducer;
  /** Produce requests that have left so far. */
  producesSent(): number;
  partitionMetadata: KafkaClient['partitionMetadata'];
}

/** Each topic has its own producer: kafkajs fetches metadata of none of its topics while one of them is missing. */
interface TopicWriter {
  producers: ProducerIds;
  queue: TopicQueue;
}

export function createWriter(brokers: WriterBrokers, options: KafkaWriterOptions): KafkaWriter {
  const { leaders, producesSent } = brokers;
  const { logger, batchEnded = () => {} } = options;
  const { maxInFlight = Number.POSITIVE_INFINITY } = options;
  const { maxInFlightBytes = Number.POSITIVE_INFINITY } = options;
  const { leaderOf } = leaders;
  const refusals = createRefusals();
  const topicWriters = new Map<string, TopicWriter>();
  const inFlight = createInFlight(maxInFlight, maxInFlightBytes);
  let flushScheduled = false;

  function writerOf(topic: string): TopicWriter {
    return topicWriters.get(topic) ?? newWriter(topic);
  }

  function newWriter(topic: string): TopicWriter {
    const producers = createProducerIds(brokers.createProducer, logger);
    const deliver = createDelivery({ producers, leaderOf, producesSent, refusals, logger });
    const queue = createTopicQueue({
      topic,
      leaderOf,
      deliver,
      scheduleFlush,
      inFlight,
      batchEnded,
    });
    const writer = { producers, queue };
    topicWriters.set(topic, writer);
    return writer;
  }

  /** After the sockets of this turn were read, so that records that arrived together go together. */
  function scheduleFlush(): void {
    if (flushScheduled) return;
    flushScheduled = true;
    setImmediate(() => {
      flushScheduled = false;
      for (const { queue } of topicWriters.values()) queue.flush();
    });
  }

  async function refresh(topics: readonly string[]): Promise<ReadonlySet<string>> {
    const found = await brokers.partitionMetadata(topics);
    for (const [topic, partitions] of found) {
      if (leaders.agree(topic, partitions)) continue;
      await topicWriters
        .get(topic)
        ?.producers.current()
        .refreshMetadata()
        .catch((err) => logger.debug({ err, topic }, 'metadata of the producer not refreshed'));
      leaders.learn(topic, partitions);
    }
    return new Set(found.keys());
  }

  return {
    async start(topics) {
      try {
        for (const topic of topics) await writerOf(topic).producers.current().connect();
      } catch (error) {
        throw authenticationFault(error) ?? error;
      }
      await refresh(topics);
    },
    refresh,
    partitionCount: leaders.partitionCount,
    append(topic, partition, record, deadline, written, failed) {
      const bytes = recordBytes(record);
      if (!inFlight.add(bytes)) return failed(new OverloadedError());
      writerOf(topic).queue.append(partition, { record, bytes, deadline, written, failed });
      scheduleFlush();
    },
    faultOf: refusals.faultOf,
    inFlight: inFlight.size,
    async close() {
      await inFlight.drained();
      for (const { producers } of topicWriters.values()) await producers.current().disconnect();
    },
  };
}
