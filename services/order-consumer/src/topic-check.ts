import type { KafkaClient } from '@order-stream/runtime';
import type { ConsumerHealth } from './consumer-health.ts';

/** Services never create topics: they wait for missing ones, and readiness names them. */
export function createTopicCheck(
  client: Pick<KafkaClient, 'partitionMetadata'>,
  topics: readonly string[],
  health: Pick<ConsumerHealth, 'need'>,
) {
  const counts = new Map<string, number>();
  return {
    /**
     * Asks the broker which topics exist and reports missing ones to `health` by name.
     *
     * @returns names of the missing topics
     * @throws the client's error when no broker answers
     */
    async check(): Promise<readonly string[]> {
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
    /** From the last check; undefined while the topic is missing. */
    partitionCount: (topic: string) => counts.get(topic),
  };
}
