import { type KafkaClient, partitionFor } from '@order-stream/runtime';
import { MissingTopicError } from '../kafka/topic-bounds.ts';
import type { DeadLetter } from './dead-letter.ts';

export interface ReplayTarget {
  topic: string;
  partition: number;
}

/** A dead letter cannot go back to the topic it is on. */
export class ReplayTargetError extends Error {
  readonly code = 'replay-target';
  readonly retryable = false;
}

/**
 * Where a dead letter is replayed to: its origin topic, and the partition of its key, so that the key's records stay in
 * order also when the topic was given more partitions. Without a key, and on request, it is the origin partition.
 */
export function createReplayTargets(
  client: Pick<KafkaClient, 'partitionMetadata'>,
  deadLetterTopic: string,
  options: { toOriginPartition: boolean },
) {
  const counts = new Map<string, number>();

  async function countOf(topic: string): Promise<number> {
    const known = counts.get(topic);
    if (known !== undefined) return known;
    const count = (await client.partitionMetadata([topic])).get(topic)?.length;
    if (count === undefined) throw new MissingTopicError(topic);
    counts.set(topic, count);
    return count;
  }

  /** @throws MissingTopicError | ReplayTargetError */
  return async ({ origin, record: { key } }: DeadLetter): Promise<ReplayTarget> => {
    const { topic } = origin;
    if (topic === deadLetterTopic)
      throw new ReplayTargetError(
        `${topic} has dead letters that came from itself: they are not replayed`,
      );
    const count = await countOf(topic);
    if (key !== null && !options.toOriginPartition)
      return { topic, partition: partitionFor(key, count) };
    if (origin.partition < count) return { topic, partition: origin.partition };
    throw new ReplayTargetError(`${topic} has ${count} partitions, not ${origin.partition}`);
  };
}
