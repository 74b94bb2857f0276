import {
  isCommitOfTopic,
  type KafkaAdmin,
  type PartitionBounds,
  type PartitionOffsets,
} from '@order-stream/runtime';
import { ofTopic, topicBounds } from '../kafka/topic-bounds.ts';

export interface GroupPartition extends PartitionBounds {
  /** The group's commit. Undefined: none. */
  commit: { offset: bigint; metadata: string | null; isOfTopic: boolean } | undefined;
}

/**
 * The group's commits beside the offsets of the logs. Commits are read first, so that none is ahead of the end of its log.
 *
 * @throws MissingTopicError
 */
export async function groupPartitions(
  admin: KafkaAdmin,
  groupId: string,
  topics: readonly string[],
): Promise<GroupPartition[]> {
  const idOf = await topicIds(admin, topics);
  const commits = new Map<string, GroupPartition['commit']>();
  // -1: no commit.
  for (const { topic, partitions } of await admin.fetchOffsets({ groupId, topics: [...topics] }))
    for (const { partition, offset, metadata } of partitions)
      if (BigInt(offset) >= 0n)
        commits.set(`${topic}/${partition}`, {
          offset: BigInt(offset),
          metadata,
          isOfTopic: isCommitOfTopic(metadata, idOf.get(topic)),
        });
  const all: GroupPartition[] = [];
  for (const topic of topics)
    for (const bounds of await topicBounds(admin, topic))
      all.push({ ...bounds, commit: commits.get(`${topic}/${bounds.partition}`) });
  return all;
}

/** Topic → its id, undefined for a broker before Kafka 2.8. @throws MissingTopicError */
export async function topicIds(
  admin: KafkaAdmin,
  topics: readonly string[],
): Promise<Map<string, string | undefined>> {
  const ids = new Map<string, string | undefined>();
  for (const topic of topics) {
    const { topics: described } = await ofTopic(
      topic,
      admin.fetchTopicMetadata({ topics: [topic] }),
    );
    ids.set(topic, described[0]?.topicId);
  }
  return ids;
}

/** Why the group will not go on at its commit, or undefined. */
export function commitFault({ start, end, commit }: GroupPartition): string | undefined {
  if (commit === undefined) return 'no commit';
  if (!commit.isOfTopic) return 'of a topic that was deleted';
  if (commit.offset < start) return 'deleted by retention';
  return commit.offset > end ? 'past the end' : undefined;
}

/** As the service sees them: a commit of a deleted topic counts as none. */
export function asOffsets(partition: GroupPartition): PartitionOffsets {
  const { commit } = partition;
  return { ...partition, committed: commit?.isOfTopic ? commit.offset : undefined };
}
