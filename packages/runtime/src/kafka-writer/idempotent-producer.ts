import type { IHeaders, Message, PartitionMetadata, RecordMetadata } from 'kafkajs';
import type { KafkaClient } from './kafka-client.ts';

export interface OutgoingRecord {
  key: Buffer | null;
  value: Buffer | null;
  headers?: IHeaders;
  /** Epoch milliseconds. */
  timestampMs: number;
}

/** The records of one partition that go, and are acknowledged, together; in this order. */
export interface PartitionBatch {
  partition: number;
  records: readonly OutgoingRecord[];
}

/** A leader changed between grouping and sending: thrown before anything is written. */
export class LeaderMovedError extends Error {}

/** Who leads which partition, as the client's metadata last said. */
export interface TopicLeaders {
  learn(topic: string, partitions: readonly PartitionMetadata[]): void;
  /** Broker id, -1 when not known. */
  leaderOf(topic: string, partition: number): number;
}

export function createTopicLeaders(): TopicLeaders {
  const seen = new Map<string, readonly PartitionMetadata[]>();
  const leaders = new Map<string, number[]>();
  return {
    learn(topic, partitions) {
      if (seen.get(topic) === partitions) return;
      seen.set(topic, partitions);
      const ids: number[] = [];
      for (const { partitionId, leader } of partitions) ids[partitionId] = leader;
      leaders.set(topic, ids);
    },
    leaderOf: (topic, partition) => leaders.get(topic)?.[partition] ?? -1,
  };
}

/** One producer id with its sequence numbers. */
export interface IdempotentProducer {
  connect(): Promise<void>;
  /**
   * One attempt at one produce request with acks=all, to one leader: kafkajs, when one of several leaders fails,
   * sends to the others again without waiting for them.
   *
   * @throws LeaderMovedError when `leader` no longer leads them all; else what kafkajs throws
   */
  produce(
    topic: string,
    leader: number,
    batches: readonly PartitionBatch[],
  ): Promise<RecordMetadata[]>;
  disconnect(): Promise<void>;
}

type LedMessage = Message & { partition: number; leader: number };

export function createIdempotentProducer(
  client: Pick<KafkaClient, 'producer'>,
  leaders: TopicLeaders,
  requestTimeoutMs: number,
): IdempotentProducer {
  const producer = client.producer({
    idempotent: true,
    allowAutoTopicCreation: false,
    // kafkajs demands retries of an idempotent producer. This passes its check and makes none: a retry of its own
    // would follow a leader that moved.
    retry: { retries: Number.NaN },
    createPartitioner: () => chosenPartition,
  });
  let connected: Promise<void> | undefined;

  /** Runs inside kafkajs with the metadata that it is about to use. */
  function chosenPartition(args: {
    topic: string;
    partitionMetadata: PartitionMetadata[];
    message: Message;
  }): number {
    leaders.learn(args.topic, args.partitionMetadata);
    const { partition, leader } = args.message as LedMessage;
    if (leader !== leaders.leaderOf(args.topic, partition))
      throw new LeaderMovedError('the leader moved');
    return partition;
  }

  return {
    connect() {
      connected ??= producer.connect().catch((error) => {
        connected = undefined;
        throw error;
      });
      return connected;
    },
    produce(topic, leader, batches) {
      const messages: LedMessage[] = [];
      let lastMs = Number.NaN;
      let timestamp = '';
      for (const { partition, records } of batches) {
        for (const { key, value, headers, timestampMs } of records) {
          if (timestampMs !== lastMs) timestamp = String(timestampMs);
          lastMs = timestampMs;
          messages.push(
            headers === undefined
              ? { key, value, timestamp, partition, leader }
              : { key, value, headers, timestamp, partition, leader },
          );
        }
      }
      return producer.sendBatch({
        acks: -1,
        timeout: requestTimeoutMs,
        topicMessages: [{ topic, messages }],
      });
    },
    disconnect: () => producer.disconnect(),
  };
}
