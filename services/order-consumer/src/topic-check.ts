import type { KafkaClient } from '@order-stream/runtime';
import type { ConsumerHealth } from './consumer-health.ts';
import type { ConsumerMetrics } from './metrics.ts';

/** Services never create topics: they wait for missing ones, and readiness names them. */
export function createTopicCheck(options: {
  client: Pick<KafkaClient, 'partitionMetadata'>;
  /** The dead-letter topic of each topic. */
  deadLetterTopics: ReadonlyMap<string, string>;
  health: Pick<ConsumerHealth, 'need'>;
  metrics: Pick<ConsumerMetrics, 'missingTopics'>;
}) {
  const { client, deadLetterTopics, health, metrics } = options;
  const all = [...new Set([...deadLetterTopics.keys(), ...deadLetterTopics.values()])];
  let counts = new Map<string, number>();
  return {
    /**
     * Asks the broker which topics exist and reports missing ones to `health` by name.
     *
     * @returns names of the missing topics
     * @throws the client's error when no broker answers
     */
    async check(): Promise<readonly string[]> {
      const found = await client.partitionMetadata(all);
      counts = new Map([...found].map(([topic, partitions]) => [topic, partitions.length]));
      const missing = all.filter((topic) => !found.has(topic));
      health.need(
        'topics',
        missing.length === 0 ? undefined : `missing topics: ${missing.join(', ')}`,
      );
      metrics.missingTopics(missing.length);
      return missing;
    },
    /** From the last check; undefined while the topic is missing. */
    partitionCount: (topic: string) => counts.get(topic),
    /** The topics that exist with their dead-letter topics. The others wait, because their dead letters could not be written. */
    readable: (): readonly string[] =>
      [...deadLetterTopics]
        .filter((pair) => pair.every((topic) => counts.has(topic)))
        .map(([topic]) => topic),
  };
}
