import { authenticationFault, type KafkaClient, type Logger } from '@order-stream/runtime';
import type { ConsumerHealth } from './consumer-health.ts';
import { groupFault } from './group-fault.ts';
import type { ConsumerMetrics } from './metrics.ts';
import type { OffsetTracker } from './offset-tracker.ts';

/**
 * Every 5 s, measures the lag of each assigned partition and checks that the topics exist, that the group reads them, and that
 * the registry answers. It uses its own connections, so that it notices a fetch loop that hangs.
 */
export function createLagMonitor(options: {
  client: KafkaClient;
  groupId: string;
  topics: readonly string[];
  checkTopics(): Promise<unknown>;
  checkGroup(): Promise<void>;
  checkRegistry(): Promise<void>;
  /** Whether an unavailable registry is a fault: the schemas already known may be sufficient. */
  registryIsNeeded(): boolean;
  tracker: OffsetTracker;
  health: ConsumerHealth;
  metrics: ConsumerMetrics;
  logger: Logger;
  refreshMs?: number;
}) {
  const { client, groupId, topics, tracker, health, metrics, logger, refreshMs = 5_000 } = options;
  const admin = client.admin();
  let timer: NodeJS.Timeout | undefined;
  let refreshing: Promise<void> = Promise.resolve();
  let stopped = false;

  async function refreshLag(): Promise<void> {
    await admin.connect();
    const committed = new Map<string, bigint>();
    for (const { topic, partitions } of await admin.fetchOffsets({ groupId, topics: [...topics] }))
      for (const { partition, offset } of partitions)
        committed.set(`${topic}/${partition}`, BigInt(offset));
    for (const topic of topics) {
      for (const { partition, high, low } of await admin.fetchTopicOffsets(topic)) {
        if (!health.assigned().some((one) => one.topic === topic && one.partition === partition))
          continue;
        const known =
          tracker.nextOffset(topic, partition) ?? committed.get(`${topic}/${partition}`);
        // -1: the group has committed nothing and starts at the earliest record.
        const next = known === undefined || known < BigInt(low) ? BigInt(low) : known;
        const lag = Number(BigInt(high) - next);
        metrics.lag(topic, partition, lag, health.observedLag(topic, partition, lag));
      }
    }
  }

  async function refresh(): Promise<void> {
    await Promise.all([
      options.checkRegistry().then(
        () => {
          health.need('registry', undefined);
          metrics.registryAnswers(true);
        },
        (error: Error) => {
          const fault = options.registryIsNeeded() ? `registry: ${error.message}` : undefined;
          health.need('registry', fault);
          metrics.registryAnswers(false);
        },
      ),
      options
        .checkTopics()
        .then(refreshLag)
        .then(
          () => health.need('broker', undefined),
          (thrown: Error) => {
            const refusal = groupFault(thrown, groupId);
            const error = authenticationFault(thrown) ?? refusal ?? thrown;
            health.need('broker', refusal?.message ?? `broker: ${error.message}`);
            logger.debug({ err: error }, 'lag is unknown');
          },
        ),
      // A coordinator that does not answer is a fault of the broker, which the lag reports.
      options.checkGroup().catch((error) => logger.debug({ err: error }, 'the group is unknown')),
    ]);
    metrics.paused(health.pausedPartitions());
    if (!stopped) timer = setTimeout(run, refreshMs);
  }

  function run(): void {
    refreshing = refresh();
  }

  return {
    start: run,
    async stop(): Promise<void> {
      stopped = true;
      clearTimeout(timer);
      await refreshing;
      await admin.disconnect();
    },
  };
}
