import type { Message, PartitionMetadata } from 'kafkajs';
import kafkajs from 'kafkajs';
import type { KafkaClient } from '../kafka-client.ts';
import type { OutgoingRecord } from './outgoing-record.ts';
import type { TopicLeaders } from './topic-leaders.ts';

const { CompressionTypes } = kafkajs;

const compressionTypes = {
  none: CompressionTypes.None,
  gzip: CompressionTypes.GZIP,
  snappy: CompressionTypes.Snappy,
  lz4: CompressionTypes.LZ4,
  zstd: CompressionTypes.ZSTD,
};

/** Kafka's own names, as in its `compression.type`. */
export type CompressionType = keyof typeof compressionTypes;

/** A leader changed between grouping and sending: thrown before anything is written. */
export class LeaderMovedError extends Error {}

/** Thrown before anything is written: kafkajs would leave out the partition and report the request as written. */
export class PartitionUnknownError extends LeaderMovedError {
  constructor(topic: string, partition: number) {
    super(`no leader is known for partition ${partition} of topic ${topic}`);
  }
}

/** One producer id with its sequence numbers. */
export interface IdempotentProducer {
  connect(): Promise<void>;
  /**
   * One attempt at one produce request with acks=all, to one leader: kafkajs, when one of several leaders fails,
   * sends to the others again without waiting for them.
   *
   * @param leaving Called before the request is passed to a connection. A request whose call throws is not sent.
   * @throws LeaderMovedError when `leader` no longer leads all partitions; else what kafkajs throws
   */
  produce(
    topic: string,
    leader: number,
    batches: readonly ProducedBatch[],
    leaving: () => void,
  ): Promise<readonly ProducedPartition[]>;
  /** Fetches metadata anew if it is connected: kafkajs would notice added partitions after five minutes. */
  refreshMetadata(): Promise<void>;
  disconnect(): Promise<void>;
}

/** The records of one partition that are written, and acknowledged, together; in this order. */
export interface ProducedBatch {
  partition: number;
  records: readonly { record: OutgoingRecord }[];
}

/** Where a batch begins in its partition; `baseOffset` in decimal. */
export interface ProducedPartition {
  partition: number;
  baseOffset?: string;
}

type LedMessage = Message & { partition: number; leader: number };

export function createIdempotentProducer(
  client: Pick<KafkaClient, 'producer'>,
  leaders: TopicLeaders,
  options: { requestTimeoutMs: number; compression: CompressionType },
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
    const leaderNow = leaders.leaderOf(args.topic, partition);
    if (leaderNow === -1) throw new PartitionUnknownError(args.topic, partition);
    if (leader !== leaderNow) throw new LeaderMovedError('the leader moved');
    return partition;
  }

  async function refreshMetadata(): Promise<void> {
    await connected?.then(() => producer.refreshMetadata());
  }

  return {
    connect() {
      connected ??= producer.connect().catch((error) => {
        connected = undefined;
        throw error;
      });
      return connected;
    },
    async produce(topic, leader, batches, leaving) {
      const messages: LedMessage[] = [];
      let lastMs = Number.NaN;
      let timestamp = '';
      for (const { partition, records } of batches) {
        for (const { record } of records) {
          const { key, value, headers, timestampMs } = record;
          if (timestampMs !== lastMs) timestamp = String(timestampMs);
          lastMs = timestampMs;
          messages.push(
            headers === undefined
              ? { key, value, timestamp, partition, leader }
              : { key, value, headers, timestamp, partition, leader },
          );
        }
      }
      try {
        return await producer.sendBatch({
          acks: -1,
          timeout: options.requestTimeoutMs,
          compression: compressionTypes[options.compression],
          topicMessages: [{ topic, messages }],
          beforeProduce: leaving,
        });
      } catch (error) {
        if (error instanceof PartitionUnknownError) await refreshMetadata().catch(() => undefined);
        throw error;
      }
    },
    refreshMetadata,
    disconnect: () => producer.disconnect(),
  };
}
