import { commitMetadata, type KafkaAdmin } from '@order-stream/runtime';
import { positionsAt, type StartPoint } from '../kafka/start-point.ts';
import { choosePartitions } from '../kafka/topic-bounds.ts';
import { type GroupPartition, topicIds } from './group-partitions.ts';

export interface OffsetMove {
  topic: string;
  partition: number;
  /** Undefined: no commit. */
  from: bigint | undefined;
  to: bigint;
}

/**
 * Where each chosen partition would go.
 *
 * @param chosen partitions of each topic; empty: all
 * @throws OffsetRangeError | MissingPartitionError
 */
export async function resetPlan(
  admin: KafkaAdmin,
  partitions: readonly GroupPartition[],
  to: StartPoint,
  chosen: readonly number[],
): Promise<OffsetMove[]> {
  const moves: OffsetMove[] = [];
  for (const topic of new Set(partitions.map((one) => one.topic))) {
    const ofTopic = choosePartitions(
      partitions.filter((one) => one.topic === topic),
      chosen,
    );
    const positions = await positionsAt(admin, to, ofTopic);
    for (const { partition, commit } of ofTopic)
      moves.push({
        topic,
        partition,
        from: commit?.offset,
        to: positions.get(partition) as bigint,
      });
  }
  return moves;
}

/**
 * Commits the moves. The metadata names the topic's id alone: without a sink's mark, the service asks the stores where they
 * stand.
 *
 * @throws the client's error: UNKNOWN_MEMBER_ID if the group has members
 */
export async function commitMoves(
  admin: KafkaAdmin,
  groupId: string,
  moves: readonly OffsetMove[],
): Promise<void> {
  const topics = [...new Set(moves.map(({ topic }) => topic))];
  const idOf = await topicIds(admin, topics);
  await admin.commitOffsets({
    groupId,
    topics: topics.map((topic) => {
      const metadata = commitMetadata(idOf.get(topic));
      return {
        topic,
        partitions: moves
          .filter((one) => one.topic === topic)
          .map(({ partition, to }) => ({
            partition,
            offset: String(to),
            ...(metadata !== undefined && { metadata }),
          })),
      };
    }),
  });
}
