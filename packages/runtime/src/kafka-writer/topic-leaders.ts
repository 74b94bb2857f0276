import type { PartitionMetadata } from 'kafkajs';

/** Which broker leads which partition, by the client's latest metadata. */
export interface TopicLeaders {
  learn(topic: string, partitions: readonly PartitionLeader[]): void;
  /** Broker id, -1 when not known. */
  leaderOf(topic: string, partition: number): number;
}

type PartitionLeader = Pick<PartitionMetadata, 'partitionId' | 'leader'>;

export function createTopicLeaders(): TopicLeaders {
  const seen = new Map<string, readonly PartitionLeader[]>();
  const leaders = new Map<string, number[]>();
  return {
    learn(topic, partitions) {
      // Called for each record: kafkajs passes the same list until its metadata changes.
      if (seen.get(topic) === partitions) return;
      seen.set(topic, partitions);
      const ids: number[] = [];
      for (const { partitionId, leader } of partitions) ids[partitionId] = leader;
      leaders.set(topic, ids);
    },
    leaderOf: (topic, partition) => leaders.get(topic)?.[partition] ?? -1,
  };
}
