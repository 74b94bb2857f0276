import { type KafkaWriter, protocolErrorType } from '@order-stream/runtime';
import type { ConsumerHealth } from './consumer-health.ts';
import type { ConsumerMetrics } from './metrics.ts';

/**
 * Services never create topics: they wait for missing ones, and for permission to describe them. Readiness names both kinds.
 */
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

  /** @returns whether the topic exists, or `denied`: the broker does not say whether a topic exists without a permission. */
  async function ask(topic: string): Promise<boolean | 'denied'> {
    try {
      return (await writer.refresh([topic])).has(topic);
    } catch (error) {
      if (protocolErrorType(error) !== 'TOPIC_AUTHORIZATION_FAILED') throw error;
      return 'denied';
    }
  }

  return {
    /**
     * Asks the broker which topics exist and reports the others to `health` by name. The writer of dead letters asks, so that
     * it knows their partitions before it writes. It asks for each topic alone: one denied topic would hide the others.
     *
     * @returns names of the topics that are missing or denied
     * @throws the client's error when no broker answers
     */
    async check(): Promise<readonly string[]> {
      const answers = new Map<string, boolean | 'denied'>();
      for (const topic of all) answers.set(topic, await ask(topic));
      const those = (answer: boolean | 'denied') =>
        all.filter((topic) => answers.get(topic) === answer);
      found = new Set(those(true));
      const missing = those(false);
      const denied = those('denied');
      const faults: string[] = [];
      if (missing.length > 0) faults.push(`missing topics: ${missing.join(', ')}`);
      if (denied.length > 0)
        faults.push(
          `topics that are missing, or that the broker does not allow this principal to describe: ${denied.join(', ')}`,
        );
      health.need('topics', faults.length === 0 ? undefined : faults.join('; '));
      metrics.missingTopics(missing.length + denied.length);
      return [...missing, ...denied];
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
