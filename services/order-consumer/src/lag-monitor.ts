import {
  authenticationFault,
  isCommitOfTopic,
  type KafkaClient,
  type Logger,
  type PartitionOffsets,
} from '@order-stream/runtime';
import type { Admin } from 'kafkajs';
import type { ConsumerHealth } from './consumer-health.ts';
import { groupFault } from './group-fault.ts';
import type { ConsumerMetrics } from './metrics.ts';
import { createPartitionLags, type PartitionLag } from './partition-lag.ts';

/** Most transactions end sooner: the default of `transaction.timeout.ms` is 60 s. */
const openTransactionFaultSeconds = 15;

/**
 * Every 5 s, measures the group's lag and checks that the topics exist, that the group reads them, and that the registry answers.
 * It uses its own connections, so that it notices a fetch loop that hangs. Each instance measures every partition, so that lag is
 * seen while no instance is in the group.
 */
export function createLagMonitor(options: {
  client: KafkaClient;
  groupId: string;
  topics: readonly string[];
  checkTopics(): Promise<unknown>;
  checkGroup(): Promise<void>;
  /** Undefined while the topic is missing. */
  partitionCount(topic: string): number | undefined;
  /** The offset of the next record to take; undefined for a partition that is not read yet. */
  positionOf(topic: string, partition: number): bigint | undefined;
  checkRegistry(): Promise<void>;
  /** Whether an unavailable registry is a fault: the schemas already known may be sufficient. */
  registryIsNeeded(): boolean;
  health: ConsumerHealth;
  metrics: ConsumerMetrics;
  logger: Logger;
  refreshMs?: number;
}) {
  const { client, groupId, topics, health, metrics, logger, refreshMs = 5_000 } = options;
  let admin: Admin | undefined;
  let timer: NodeJS.Timeout | undefined;
  let refreshing: Promise<void> = Promise.resolve();
  let stopped = false;
  const lags = createPartitionLags();
  let openTransactions = '';

  async function refreshLag(): Promise<void> {
    admin ??= client.admin();
    await admin.connect();
    const existing = topics.filter((topic) => options.partitionCount(topic) !== undefined);
    report(lags.measure(await offsetsOf(admin, groupId, existing), ownSeconds));
  }

  function report(measured: readonly PartitionLag[]): void {
    metrics.lag(measured);
    reportOpenTransactions(measured);
  }

  function ownSeconds(
    topic: string,
    partition: number,
    lag: number,
    stable: bigint,
  ): number | undefined {
    const isOwn = health
      .assigned()
      .some((one) => one.topic === topic && one.partition === partition);
    const position = options.positionOf(topic, partition);
    const hasUnread = position === undefined || position < stable;
    return isOwn ? health.observedLag(topic, partition, lag, hasUnread) : undefined;
  }

  function reportOpenTransactions(measured: readonly PartitionLag[]): void {
    const open = measured.filter(
      ({ openTransactionSeconds }) => openTransactionSeconds >= openTransactionFaultSeconds,
    );
    const places = open.map(({ topic, partition }) => `${topic}/${partition}`).join(', ');
    health.need(
      'transactions',
      places === ''
        ? undefined
        : `records behind an open transaction cannot be read: ${places}. End the transaction (kafka-transactions.sh)`,
    );
    if (places !== openTransactions && places !== '')
      for (const { topic, partition, openTransactionRecords: records } of open)
        logger.warn({ topic, partition, records }, 'records wait behind an open transaction');
    openTransactions = places;
  }

  async function refreshBroker(): Promise<void> {
    try {
      await options.checkTopics();
      await Promise.all([
        refreshLag(),
        // It compares the group with the topics that exist. A coordinator that does not answer is a fault of the broker,
        // which the lag reports.
        options.checkGroup().catch((error) => logger.debug({ err: error }, 'the group is unknown')),
      ]);
      health.need('broker', undefined);
    } catch (thrown) {
      const refusal = groupFault(thrown, groupId);
      const error = authenticationFault(thrown) ?? refusal ?? (thrown as Error);
      health.need('broker', refusal?.message ?? `broker: ${error.message}`);
      // The last values may be wrong by now.
      report([]);
      logger.debug({ err: error }, 'lag is unknown');
      // A topic that was deleted makes every later request of the same admin fail.
      await admin?.disconnect().catch(() => undefined);
      admin = undefined;
    }
  }

  async function refreshRegistry(): Promise<void> {
    try {
      await options.checkRegistry();
      health.need('registry', undefined);
      metrics.registryAnswers(true);
    } catch (error) {
      const fault = `registry: ${(error as Error).message}`;
      health.need('registry', options.registryIsNeeded() ? fault : undefined);
      metrics.registryAnswers(false);
    }
  }

  async function refresh(): Promise<void> {
    await Promise.all([refreshRegistry(), refreshBroker()]);
    metrics.paused(health.pausedPartitions());
    metrics.throttled(health.throttlingBrokers());
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
      await admin?.disconnect();
    },
  };
}

/** The offsets of all partitions of the topics. Commits are read first, so that none is ahead of the end of its log. */
async function offsetsOf(
  admin: Admin,
  groupId: string,
  topics: readonly string[],
): Promise<PartitionOffsets[]> {
  if (topics.length === 0) return [];
  const committed = new Map<string, bigint>();
  const { topics: described } = await admin.fetchTopicMetadata({ topics: [...topics] });
  const idOf = new Map(described.map(({ name, topicId }) => [name, topicId]));
  // -1: no commit.
  for (const { topic, partitions } of await admin.fetchOffsets({ groupId, topics: [...topics] }))
    for (const { partition, offset, metadata } of partitions)
      if (BigInt(offset) >= 0n && isCommitOfTopic(metadata, idOf.get(topic)))
        committed.set(`${topic}/${partition}`, BigInt(offset));
  const all: PartitionOffsets[] = [];
  for (const topic of topics)
    for (const { partition, low, high, highWatermark } of await admin.fetchTopicOffsets(topic))
      all.push({
        topic,
        partition,
        start: BigInt(low),
        stable: BigInt(high),
        end: BigInt(highWatermark),
        committed: committed.get(`${topic}/${partition}`),
      });
  return all;
}
