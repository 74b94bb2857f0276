import type { KafkaClient } from '@order-stream/runtime';
import type { ConsumerHealth } from './consumer-health.ts';

export interface TopicCheck {
  /**
   * Asks the broker which topics exist and reports missing ones to `health` by name.
   *
   * @returns names of the missing topics
   * @throws the client's error when no broker answers
   */
  check(): Promise<readonly string[]>;
  /** From the last check; undefined while the topic is missing. */
  partitionCount(topic: string): number | undefined;
}

/** Services never create topics: they wait for missing ones, and readiness names them. */
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
