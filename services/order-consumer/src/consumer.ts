import { once } from 'node:events';
import { setTimeout as delay, setInterval as every } from 'node:timers/promises';
import { authenticationFault, type KafkaClient } from '@order-stream/runtime';
import type { Consumer } from 'kafkajs';
import { type BatchHandlerOptions, createBatchHandler } from './batch-handler.ts';
import type { ConsumerHealth } from './consumer-health.ts';
import { groupFault, readFault } from './group-fault.ts';
import type { ConsumerMetrics } from './metrics.ts';
import { createPartitionAssigners } from './partition-assigner.ts';
import { retryDelayMs } from './retry-policy.ts';

// Within the range that established consumers use.
const rebalanceTimeoutMs = 45_000;
// A long poll cannot be interrupted, so it delays leaving and rejoining (kafkajs's default is 5 s).
const maxWaitMs = 250;
// Added partitions, and topics that were created again, are read this much later at most (kafkajs's default is five minutes).
const metadataMaxAgeMs = 10_000;
const partitionsAtOnce = 8;
const topicsLookMs = 1_000;
const longestRestartDelayMs = 5_000;
// Longer than group.initial.rebalance.delay.ms (3 s), so that most joins can finish and the member can leave properly.
const leaveWithinMs = 5_000;
const retryWhileInSession = { initialRetryTime: 100, maxRetryTime: 1_000 };
const mostRetries = 30;

type OrderConsumerOptions = BatchHandlerOptions & {
  client: KafkaClient;
  groupId: string;
  sessionTimeoutMs: number;
  /**
   * kafkajs holds a fetch in memory as one object per record: its default of 1 MiB from six partitions is 40 000 orders. Below
   * the size of a produced batch, each fetch returns data of one partition only (KIP-74).
   */
  maxBytesPerPartition: number;
  /** Asks the broker and returns the names of missing and denied topics, dead-letter topics included. */
  checkTopics(): Promise<readonly string[]>;
  /** The topics that exist with their dead-letter topics, by the latest check of any part. */
  readableTopics(): readonly string[];
  health: ConsumerHealth;
  metrics: ConsumerMetrics;
};

/**
 * Reads the topics as a member of the group, from the earliest offset, and passes each fetched batch to `processBatch`. Batches
 * of one partition are processed in order; partitions are processed concurrently.
 *
 * kafkajs's consumer stops permanently on some errors (kafkajs #1445, #1513). Unless `stop` was called, a new one replaces it.
 */
export function createOrderConsumer(options: OrderConsumerOptions) {
  const { client, groupId, checkTopics, readableTopics, tracker, health, metrics, logger } =
    options;
  const partitionAssigners = createPartitionAssigners({ client, logger });
  const handler = createBatchHandler(options);
  const stopping = new AbortController();
  const joinAbandoned = Promise.withResolvers<void>();
  let running: Promise<void> = Promise.resolve();
  let endedSessions = 0;
  // Set after a crash. A new member would wait until the session of the crashed one expires.
  let memberId: string | undefined;

  async function runSessions(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        const missing = await checkTopics();
        if (missing.length > 0) logger.warn({ missing }, 'topics are missing or denied');
        const topics = readableTopics();
        if (topics.length > 0) await runSession(topics);
      } catch (thrown) {
        const refusal = groupFault(thrown, groupId) ?? readFault(thrown, readableTopics());
        const error = authenticationFault(thrown) ?? refusal ?? (thrown as Error);
        health.need('group', refusal?.message);
        if (refusal === undefined) health.need('broker', `broker: ${error.message}`);
        logger.warn({ err: error }, 'consumer ended, starting a new one');
      }
      left();
      endedSessions += 1;
      const delayMs = Math.min(retryDelayMs(endedSessions), longestRestartDelayMs);
      await delay(delayMs, undefined, stopping).catch(() => undefined);
    }
  }

  /** Runs until kafkajs's consumer crashes, other topics can be read, or `stop` is called. */
  async function runSession(topics: readonly string[]): Promise<void> {
    const consumer = client.consumer({
      groupId,
      sessionTimeout: options.sessionTimeoutMs,
      rebalanceTimeout: rebalanceTimeoutMs,
      heartbeatInterval: options.heartbeatMs,
      maxWaitTimeInMs: maxWaitMs,
      maxBytesPerPartition: options.maxBytesPerPartition,
      ...(memberId === undefined ? {} : { memberId }),
      partitionAssigners,
      metadataMaxAge: metadataMaxAgeMs,
      allowAutoTopicCreation: false,
      // Until its session expires, the member need not join again.
      retry: {
        ...retryWhileInSession,
        retries: Math.min(mostRetries, Math.ceil(options.sessionTimeoutMs / 1_000)),
        restartOnFailure: async () => false,
      },
    });
    const crashed = Promise.withResolvers<never>();
    crashed.promise.catch(() => undefined);
    consumer.on(consumer.events.CRASH, ({ payload }) => {
      memberId = payload.memberId ?? undefined;
      crashed.reject(payload.error);
    });
    followAssignment(consumer);
    const ended = new AbortController();
    const joined = join(consumer, topics);
    joined.catch(() => undefined);
    try {
      await Promise.race([joined, joinAbandoned.promise]);
      if (!stopping.signal.aborted)
        await Promise.race([
          crashed.promise,
          once(stopping.signal, 'abort'),
          topicsChange(topics, ended.signal),
        ]);
      memberId = undefined;
    } finally {
      ended.abort();
      await consumer.disconnect();
      handler.abandon();
    }
  }

  /** Resolves when a topic was created or deleted. kafkajs reads nothing while one of its topics is missing. */
  async function topicsChange(topics: readonly string[], signal: AbortSignal): Promise<void> {
    try {
      for await (const _ of every(topicsLookMs, undefined, { signal }))
        if (String(readableTopics()) !== String(topics)) return;
    } catch {
      // The session has ended.
    }
  }

  async function join(consumer: Consumer, topics: readonly string[]): Promise<void> {
    await consumer.connect();
    await consumer.subscribe({ topics: [...topics], fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: partitionsAtOnce,
      eachBatch: handler.eachBatch,
    });
  }

  function followAssignment(consumer: Consumer): void {
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
      // kafkajs runs one fetcher per broker. When one of them finds stale metadata, it rejoins without waiting for the handlers
      // of the others (`recoverFromFetch`).
      handler.abandon();
      tracker.forget();
      metrics.rebalanced();
      metrics.joined(payload.memberAssignment);
      health.joined(payload.memberAssignment);
      health.need('broker', undefined);
      health.need('group', undefined);
      endedSessions = 0;
      const { memberId: joinedAs, memberAssignment } = payload;
      logger.info({ memberId: joinedAs, assignment: memberAssignment }, 'joined the group');
    });
    consumer.on(consumer.events.REBALANCING, left);
    consumer.on(consumer.events.OFFSET_RESET, ({ payload }) => {
      const { topic, partition, from, to, isSameLog } = payload;
      tracker.reset(topic, partition, BigInt(to));
      const lost = isSameLog ? Number(BigInt(to) - BigInt(from)) : 0;
      if (lost > 0) metrics.lostToRetention(topic, partition, lost);
      logger.warn({ topic, partition, from, to }, resetReason(isSameLog, lost));
    });
    // Without `maxInFlightRequests`, kafkajs queues a request only while the broker throttles this client (KIP-219).
    consumer.on(consumer.events.REQUEST_QUEUE_SIZE, ({ payload }) =>
      health.throttled(payload.broker, payload.queueSize > 0),
    );
    consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload }) => {
      const { topic, partition, batchSize, lastOffset } = payload;
      if (batchSize > 0) return;
      // A batch of transaction markers and aborted records never reaches the handler.
      tracker.acknowledge(tracker.logOf(topic, partition), BigInt(lastOffset) + 1n);
      health.progressed(topic, partition);
    });
  }

  function left(): void {
    health.left();
    metrics.left();
  }

  return {
    start(): void {
      running = runSessions();
    },
    /**
     * Stops fetching, waits for in-flight batches, commits and leaves the group. If a join is still pending after 5 s, the
     * connections are closed instead, and the group removes this member when its session expires.
     */
    async stop(): Promise<void> {
      stopping.abort();
      // kafkajs cannot cancel a join, and the broker answers a join only when every other member has joined or timed out: up to
      // rebalanceTimeoutMs. Without in-flight batches, closing the connections loses nothing but the membership.
      const leaveTimer = setInterval(() => {
        if (handler.inFlight() > 0) return;
        client.dropConnections('stopping');
        joinAbandoned.resolve();
      }, leaveWithinMs);
      await running;
      clearInterval(leaveTimer);
    },
  };
}

function resetReason(isSameLog: boolean, lost: number): string {
  if (!isSameLog) return 'the topic was created again: its partition is read from the start';
  return lost > 0
    ? 'records were deleted before they were read: reading goes on behind them'
    : 'the log ends before the next offset: its partition is read from the start';
}
