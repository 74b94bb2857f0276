import type { KafkaClient } from '@order-stream/runtime';
import type { ConsumerHealth } from './consumer-health.ts';

export interface TopicCheck {
  /**
   * Asks the broker for the topics; a missing one is told to `health` by name.
   *
   * @returns the missing ones
   * @throws what the broker throws when it cannot be asked
   */
  check(): Promise<readonly string[]>;
  /** As last heard; undefined while the topic is missing. */
  partitionCount(topic: string): number | undefined;
}

/** Services never create topics: one that is missing is waited for, and readiness names it. */
export function createTopicCheck(
  client: Pick<KafkaClient, 'partitionMetadata'>,
  topics: readonly string[],
  health: Pick<ConsumerHealth, 'need'>,
): TopicCheck {
  const counts = new Map<string, number>();
  return {
    async check() {
      const found = await client.partitionMetadata(topics);
      counts.clear();
      for (const [topic, partitions] of found) counts.set(topic, partitions.length);
      const missing = topics.filter((topic) => !found.has(topic));
      health.need(
        'topics',
        missing.length === 0 ? undefined : `missing topics: ${missing.join(', ')}`,
      );
      return missing;
    },
    partitionCount: (topic) => counts.get(topic),
  };
}
