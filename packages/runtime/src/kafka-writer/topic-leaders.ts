import type { PartitionMetadata } from 'kafkajs';

export type TopicLeaders = ReturnType<typeof createTopicLeaders>;
type PartitionLeader = Pick<PartitionMetadata, 'partitionId' | 'leader'>;

/** Which broker leads which partition, by the client's latest metadata. */
export function createTopicLeaders() {
  const seen = new Map<string, readonly PartitionLeader[]>();
  const leaders = new Map<string, number[]>();
  return {
    learn(topic: string, partitions: readonly PartitionLeader[]): void {
      // Called for each record: kafkajs passes the same list until its metadata changes.
      if (seen.get(topic) === partitions) return;
      seen.set(topic, partitions);
      const ids: number[] = [];
      for (const { partitionId, leader } of partitions) ids[partitionId] = leader;
      leaders.set(topic, ids);
    },
    /** Broker id, -1 when not known. */
    leaderOf: (topic: string, partition: number) => leaders.get(topic)?.[partition] ?? -1,
  };
}
