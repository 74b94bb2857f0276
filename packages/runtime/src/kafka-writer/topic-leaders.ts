import type { PartitionMetadata } from 'kafkajs';

export type TopicLeaders = ReturnType<typeof createTopicLeaders>;
type PartitionLeader = Pick<PartitionMetadata, 'partitionId' | 'leader'>;

/**
 * The partitions that the writer can write to, and which broker leads each: by the metadata of the client that sends.
 * Both services choose partitions by this count, so that a record never has a partition that the client does not know.
 */
export function createTopicLeaders() {
  const seen = new Map<string, readonly PartitionLeader[]>();
  const leaders = new Map<string, number[]>();
  const leaderOf = (topic: string, partition: number) => leaders.get(topic)?.[partition] ?? -1;
  return {
    /** Whether these are the known partitions, with the known leaders. */
    agree: (topic: string, partitions: readonly PartitionLeader[]): boolean =>
      leaders.get(topic)?.length === partitions.length &&
      partitions.every(({ partitionId, leader }) => leader === leaderOf(topic, partitionId)),
    learn(topic: string, partitions: readonly PartitionLeader[]): void {
      // Called for each record: kafkajs passes the same list until its metadata changes.
      if (seen.get(topic) === partitions) return;
      seen.set(topic, partitions);
      const ids: number[] = [];
      for (const { partitionId, leader } of partitions) ids[partitionId] = leader;
      leaders.set(topic, ids);
    },
    /** Broker id, -1 when not known. */
    leaderOf,
    /** Undefined while the topic is not known. */
    partitionCount: (topic: string): number | undefined => leaders.get(topic)?.length,
  };
}
