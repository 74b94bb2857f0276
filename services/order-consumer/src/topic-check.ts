import type { KafkaWriter } from '@order-stream/runtime';
import type { ConsumerHealth } from './consumer-health.ts';
import type { ConsumerMetrics } from './metrics.ts';

/** Services never create topics: they wait for missing ones, and readiness names them. */
export function createTopicCheck(options: {
  writer: Pick<KafkaWriter, 'refresh' | 'partitionCount'>;
  /** The dead-letter topic of each topic. */
  deadLetterTopics: ReadonlyMap<string, string>;
  health: Pick<ConsumerHealth, 'need'>;
  metrics: Pick<ConsumerMetrics, 'missingTopics'>;
}) {
  const { writer, deadLetterTopics, health, metrics } = options;
  const all = [...new Set([...deadLetterTopics.keys(), ...deadLetterTopics.values()])];
  let found: ReadonlySet<string> = new Set();
  return {
    /**
     * Asks the broker which topics exist and reports missing ones to `health` by name. The writer of dead letters asks, so
     * that it knows their partitions before it writes.
     *
     * @returns names of the missing topics
     * @throws the client's error when no broker answers
     */
    async check(): Promise<readonly string[]> {
      found = await writer.refresh(all);
      const missing = all.filter((topic) => !found.has(topic));
      health.need(
        'topics',
        missing.length === 0 ? undefined : `missing topics: ${missing.join(', ')}`,
      );
      metrics.missingTopics(missing.length);
      return missing;
    },
    /** From the last check; undefined while the topic is missing. */
    partitionCount: (topic: string) =>
      found.has(topic) ? writer.partitionCount(topic) : undefined,
    /** The topics that exist with their dead-letter topics. The others wait, because their dead letters could not be written. */
    readable: (): readonly string[] =>
      [...deadLetterTopics]
        .filter((pair) => pair.every((topic) => found.has(topic)))
        .map(([topic]) => topic),
  };
}
