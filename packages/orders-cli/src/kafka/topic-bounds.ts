import { type KafkaAdmin, type PartitionBounds, protocolErrorType } from '@order-stream/runtime';

export class MissingTopicError extends Error {
  readonly code = 'missing-topic';
  readonly retryable = false;

  constructor(topic: string) {
    super(`topic ${topic} does not exist, or this principal may not describe it`);
    this.name = 'MissingTopicError';
  }
}

const missingTypes = new Set(['UNKNOWN_TOPIC_OR_PARTITION', 'TOPIC_AUTHORIZATION_FAILED']);

/** Runs a request for one topic. @throws MissingTopicError */
export async function ofTopic<Answer>(topic: string, request: Promise<Answer>): Promise<Answer> {
  try {
    return await request;
  } catch (error) {
    if (missingTypes.has(protocolErrorType(error) ?? '')) throw new MissingTopicError(topic);
    throw error;
  }
}

/** All partitions in their order. @throws MissingTopicError */
export async function topicBounds(admin: KafkaAdmin, topic: string): Promise<PartitionBounds[]> {
  const offsets = await ofTopic(topic, admin.fetchTopicOffsets(topic));
  return offsets
    .map(({ partition, low, high, highWatermark }) => ({
      topic,
      partition,
      start: BigInt(low),
      stable: BigInt(high),
      // The high watermark is asked for first, so a record that came in between is only in `stable`.
      end: BigInt(highWatermark) < BigInt(high) ? BigInt(high) : BigInt(highWatermark),
    }))
    .sort((one, other) => one.partition - other.partition);
}

/** The chosen partitions, or all. @throws MissingPartitionError */
export function choosePartitions<One extends { topic: string; partition: number }>(
  all: readonly One[],
  chosen: readonly number[],
): One[] {
  const [first] = all;
  for (const partition of chosen)
    if (!all.some((one) => one.partition === partition))
      throw new MissingPartitionError(
        `${first?.topic} has ${all.length} partitions, not ${partition}`,
      );
  return all.filter(({ partition }) => chosen.length === 0 || chosen.includes(partition));
}

export class MissingPartitionError extends Error {
  readonly code = 'missing-partition';
  readonly retryable = false;
}
