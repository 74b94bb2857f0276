import { setTimeout as sleep } from 'node:timers/promises';
import type { Admin, IHeaders, KafkaMessage } from 'kafkajs';
import type { KafkaClient } from './kafka-client.ts';
import { authenticationFault, mayPass, partitionOutOfRange } from './kafka-errors.ts';
import type { Logger } from './logger.ts';

/** A committed record of a topic. */
export interface TopicRecord {
  topic: string;
  partition: number;
  offset: bigint;
  /** Epoch milliseconds. */
  timestampMs: number;
  /** 0: set by the producer, 1: set by the broker. */
  timestampType: number;
  key: Buffer | null;
  value: Buffer | null;
  headers: IHeaders;
}

export interface TopicReaderOptions {
  topic: string;
  /** Partition → offset of the next record. Other partitions are not read. */
  from: ReadonlyMap<number, bigint>;
  /** Partition → the offset at which its reading ends, exclusive. Absent: it never ends. */
  to?: ReadonlyMap<number, bigint>;
  /** Limit of one answer. A larger batch is still returned. Default 1 MiB. */
  maxBytesPerPartition?: number;
  signal: AbortSignal;
  logger: Logger;
  /** Records were deleted by retention before they were read: reading goes on behind them. */
  onSkipped?(partition: number, from: bigint, to: bigint): void;
  /** A request is tried again for this long. Default 30 s. */
  giveUpMs?: number;
}

export type TopicReader = ReturnType<typeof createTopicReader>;

/** The topic was created again, or lost records: the offset is behind the end of its log. */
export class ReadPositionError extends Error {
  readonly code = 'read-position';
  readonly retryable = false;

  constructor(place: string, offset: bigint, end: bigint) {
    super(
      `${place}: offset ${offset} is past the end ${end}. The topic may have been created again: read it from the start`,
    );
    this.name = 'ReadPositionError';
  }
}

const maxWaitMs = 250;
const firstRetryMs = 100;
const longestRetryMs = 2_000;

/**
 * Reads the committed records of a topic from given offsets, without a consumer group: a group would need permissions of its
 * own, take seconds to join, and appear among those that operators look at. Nothing is committed.
 *
 * The caller asks for each answer, and may leave out partitions whose records it has not used yet. So memory is bounded.
 */
export function createTopicReader(client: KafkaClient, options: TopicReaderOptions) {
  const { topic, to, signal, logger, maxBytesPerPartition: maxBytes = 1024 * 1024 } = options;
  const { giveUpMs = 30_000 } = options;
  const positions = new Map(options.from);
  const behind = new Set<number>();
  for (const partition of positions.keys()) closeAtEnd(partition);

  /** An end is reached even if no record stands right before it: it may be a marker, or compacted. */
  function closeAtEnd(partition: number): void {
    const end = to?.get(partition);
    if (end !== undefined && (positions.get(partition) as bigint) >= end) {
      positions.delete(partition);
      behind.delete(partition);
    }
  }

  async function fetch(admin: Admin, partitions: readonly number[]): Promise<TopicRecord[]> {
    const answers = await admin.fetchRecords({
      topic,
      partitions: partitions.map((partition) => ({
        partition,
        offset: String(positions.get(partition)),
        maxBytes,
      })),
      // One broker's wait must not delay what another one has.
      maxWaitTime: partitions.some((one) => behind.has(one)) ? 0 : maxWaitMs,
    });
    if (answers.length < partitions.length)
      throw new Error(`topic ${topic} has no leader for a partition, or fewer partitions`);
    return answers.flatMap(({ partition, messages, nextOffset, lastStableOffset }) => {
      const end = to?.get(partition);
      const next = BigInt(nextOffset);
      positions.set(partition, next);
      if (next < BigInt(lastStableOffset)) behind.add(partition);
      else behind.delete(partition);
      closeAtEnd(partition);
      return messages
        .map((message) => recordOf(topic, partition, message))
        .filter(({ offset }) => end === undefined || offset < end);
    });
  }

  async function skipDeleted(admin: Admin, partition: number): Promise<void> {
    const offsets = await admin.fetchTopicOffsets(topic);
    const found = offsets.find((one) => one.partition === partition);
    const at = positions.get(partition) as bigint;
    const start = BigInt(found?.low ?? 0);
    if (found === undefined || at >= start)
      throw new ReadPositionError(`${topic}/${partition}`, at, BigInt(found?.high ?? 0));
    positions.set(partition, start);
    options.onSkipped?.(partition, at, start);
    closeAtEnd(partition);
  }

  async function fetchOrSkip(partitions: readonly number[]): Promise<TopicRecord[]> {
    const admin = await client.metadataAdmin();
    try {
      return await fetch(admin, partitions);
    } catch (error) {
      const partition = partitionOutOfRange(error);
      if (partition === undefined) throw error;
      await skipDeleted(admin, partition);
      return [];
    }
  }

  return {
    /** The partitions that have not reached their end. */
    open: (): number[] => [...positions.keys()],
    /** Reads a partition that was added to the topic. */
    add(partition: number, offset: bigint): void {
      positions.set(partition, offset);
      closeAtEnd(partition);
    },
    /**
     * The next records, in order per partition. An empty answer is not the end: see `open`.
     *
     * @throws AuthenticationError | ReadPositionError | the client's error, after retries
     */
    async read(partitions: readonly number[] = [...positions.keys()]): Promise<TopicRecord[]> {
      const asked = partitions.filter((partition) => positions.has(partition));
      const deadline = performance.now() + giveUpMs;
      for (let retryMs = firstRetryMs; asked.length > 0 && !signal.aborted; retryMs *= 2) {
        try {
          return await fetchOrSkip(asked);
        } catch (error) {
          const isFinal = error instanceof ReadPositionError || !mayPass(error);
          if (isFinal || performance.now() > deadline) throw authenticationFault(error) ?? error;
          logger.warn({ topic, reason: (error as Error).message }, 'reading again');
        }
        const delayMs = Math.min(retryMs, longestRetryMs);
        await sleep(delayMs, undefined, { signal }).catch(() => undefined);
      }
      return [];
    },
  };
}

function recordOf(topic: string, partition: number, message: KafkaMessage): TopicRecord {
  const { batchContext } = message as { batchContext?: { timestampType: number } };
  return {
    topic,
    partition,
    offset: BigInt(message.offset),
    timestampMs: Number(message.timestamp),
    timestampType: batchContext?.timestampType ?? 0,
    key: message.key,
    value: message.value,
    headers: message.headers ?? {},
  };
}
