import type { PartitionMetadata } from 'kafkajs';
import { createLogger } from '../../logger.ts';
import {
  LeaderMovedError,
  PartitionUnknownError,
  type ProducedBatch,
} from '../idempotent-producer.ts';
import {
  createWriter,
  type KafkaWriter,
  type KafkaWriterOptions,
  type WriterBrokers,
} from '../kafka-writer.ts';
import { createTopicLeaders } from '../topic-leaders.ts';

/** What happens to one produce request. A size limit applies whatever the outcome. */
export const requestOutcomes = [
  'written',
  'not-sent',
  'lost-before-append',
  'lost-after-append',
  'silence-before-append',
  'silence-after-append',
  'not-leader-after-append',
  'not-enough-replicas',
  'one-not-enough-replicas',
  'unknown-producer-id',
  'not-authorized',
  'unknown-topic',
  'leader-moved',
  'partition-unknown',
] as const;
export type RequestOutcome = (typeof requestOutcomes)[number];

export const topic = 'orders';

export interface FakeRequest {
  producer: number;
  leader: number;
  /** `partition:value,value` of each batch. */
  batches: string[];
}

interface Batch {
  firstSequence: number;
  count: number;
  offset: bigint;
}

/**
 * Brokers with one topic, as the writer sees them through a client like kafkajs: sequence numbers that are taken back
 * on an error, one error for a whole request, and logs that recognise a repeated batch by producer id, sequence and count.
 * Each produce request takes the next outcome of `script`. When none is left, the request is written.
 */
export function createFakeBrokers(
  options: {
    script?: readonly RequestOutcome[];
    maxBatchBytes?: number;
    /** Requests wait until `answer` is called with their index. */
    hold?: boolean;
  } = {},
) {
  const { script = [], maxBatchBytes = Number.POSITIVE_INFINITY, hold = false } = options;
  const outcomesLeft = [...script];
  const logs = new Map<number, string[]>();
  const requests: FakeRequest[] = [];
  /** Broken rules of the writer. */
  const violations: string[] = [];
  const unanswered = new Set<string>();
  const appended = new Map<string, Batch[]>();
  const leaders = createTopicLeaders();
  let produces = 0;
  let producers = 0;
  let disconnected = 0;
  let moves = 0;
  const holds: (() => void)[] = [];

  /** Partitions 0 and 2 have leader 1, partition 1 has leader 2, until they move. */
  function partitions(): PartitionMetadata[] {
    return [0, 1, 2].map(
      (partitionId) =>
        ({ partitionId, leader: ((partitionId + moves) % 2) + 1 }) as PartitionMetadata,
    );
  }

  function log(partition: number): string[] {
    const records = logs.get(partition) ?? [];
    logs.set(partition, records);
    return records;
  }

  /** By Kafka's rules: the next sequence is appended, a known batch is answered again, any other is an error. */
  function append(
    producer: number,
    sequence: number,
    { partition, records }: ProducedBatch,
  ): bigint {
    const key = `${producer}/${partition}`;
    const batches = appended.get(key) ?? [];
    appended.set(key, batches);
    const count = records.length;
    const known = batches.find((one) => one.firstSequence === sequence && one.count === count);
    if (known) return known.offset;
    const last = batches.at(-1);
    if (sequence !== (last ? last.firstSequence + last.count : 0))
      throw protocolError('OUT_OF_ORDER_SEQUENCE_NUMBER');
    const offset = BigInt(log(partition).length);
    log(partition).push(...textsOf(records));
    batches.push({ firstSequence: sequence, count, offset });
    return offset;
  }

  function createProducer() {
    const id = producers++;
    const sequences = new Map<number, number>();

    async function produce(leader: number, batches: readonly ProducedBatch[], leaving: () => void) {
      const outcome = outcomesLeft.shift() ?? 'written';
      if (outcome === 'leader-moved') moves += 1;
      leaders.learn(topic, partitions().slice(0, outcome === 'partition-unknown' ? 2 : 3));
      if (batches.some(({ partition }) => leaders.leaderOf(topic, partition) === -1))
        throw new PartitionUnknownError(topic, 2);
      if (batches.some(({ partition }) => leaders.leaderOf(topic, partition) !== leader))
        throw new LeaderMovedError('moved');
      if (outcome === 'not-sent') throw connectionError('refused');
      leaving();
      produces += 1;
      const answers: { partition: number; baseOffset: string }[] = [];
      const errors: { partition: number; error: Error & { type?: string } }[] = [];
      for (const [index, batch] of batches.entries()) {
        const { partition } = batch;
        const sequence = sequences.get(partition) ?? 0;
        try {
          const bytes = textsOf(batch.records).join('').length;
          if (bytes > maxBatchBytes) throw protocolError('MESSAGE_TOO_LARGE');
          if (outcome.endsWith('before-append')) continue;
          if (outcome === 'not-enough-replicas') throw protocolError('NOT_ENOUGH_REPLICAS');
          if (outcome === 'one-not-enough-replicas' && index === 0)
            throw protocolError('NOT_ENOUGH_REPLICAS');
          if (outcome === 'unknown-producer-id') throw protocolError('UNKNOWN_PRODUCER_ID');
          if (outcome === 'unknown-topic') throw protocolError('UNKNOWN_TOPIC_OR_PARTITION');
          if (outcome === 'not-authorized') throw protocolError('TOPIC_AUTHORIZATION_FAILED');
          const baseOffset = String(append(id, sequence, batch));
          answers.push({ partition, baseOffset });
        } catch (error) {
          errors.push({ partition, error: error as Error });
        }
      }
      if (outcome.startsWith('silence')) return new Promise<never>(() => {});
      if (outcome.startsWith('lost')) throw connectionError('closed');
      if (errors[0]) {
        const types = new Map(errors.map(({ partition, error }) => [partition, error.type]));
        throw Object.assign(errors[0].error, { errorTypes: types });
      }
      if (outcome === 'not-leader-after-append') throw protocolError('NOT_LEADER_FOR_PARTITION');
      for (const { partition, records } of batches)
        sequences.set(partition, (sequences.get(partition) ?? 0) + records.length);
      return answers;
    }

    return {
      connect: async () => {},
      async produce(
        _topic: string,
        leader: number,
        batches: readonly ProducedBatch[],
        leaving: () => void,
      ) {
        const names = batches.map(({ partition }) => `${id}/${partition}`);
        for (const name of names) {
          if (unanswered.has(name)) violations.push(`two batches in flight: ${name}`);
          unanswered.add(name);
        }
        requests.push({
          producer: id,
          leader,
          batches: batches.map((one) => `${one.partition}:${textsOf(one.records)}`),
        });
        try {
          if (hold) await new Promise<void>((resolve) => holds.push(resolve));
          return await produce(leader, batches, leaving);
        } finally {
          for (const name of names) unanswered.delete(name);
        }
      },
      refreshMetadata: async () => {},
      async disconnect() {
        disconnected += 1;
      },
    };
  }

  const brokers: WriterBrokers = {
    leaders,
    createProducer,
    producesSent: () => produces,
    partitionMetadata: async (topics) => new Map(topics.map((name) => [name, partitions()])),
  };
  return {
    brokers,
    log,
    requests,
    violations,
    answer: (request: number) => holds[request]?.(),
    producers: () => producers,
    disconnected: () => disconnected,
  };
}

export type FakeBrokers = ReturnType<typeof createFakeBrokers>;

export function writerOn(
  { brokers }: FakeBrokers,
  options: Partial<KafkaWriterOptions> = {},
): KafkaWriter {
  const logger = createLogger({ name: 'test', level: 'silent' });
  return createWriter(brokers, { logger, ...options });
}

/** Appends a record with this value; resolves with its offset. */
export function append(
  writer: KafkaWriter,
  partition: number,
  text: string,
  timeoutMs = 10_000,
): Promise<bigint> {
  const record = { key: null, value: Buffer.from(text), timestampMs: 0 };
  const deadline = performance.now() + timeoutMs;
  return new Promise((written, failed) =>
    writer.append(topic, partition, record, deadline, written, failed),
  );
}

function textsOf(records: ProducedBatch['records']): string[] {
  return records.map(({ record }) => String(record.value));
}

export function protocolError(type: string): Error {
  return Object.assign(new Error(type), { name: 'KafkaJSProtocolError', type });
}

function connectionError(text: string): Error {
  return Object.assign(new Error(text), { name: 'KafkaJSConnectionError' });
}
