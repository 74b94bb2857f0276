import { once } from 'node:events';
import { setTimeout as delay, setInterval as every } from 'node:timers/promises';
import { authenticationFault, type KafkaClient, type Logger } from '@order-stream/runtime';
import type { Consumer } from 'kafkajs';
import type { AssignedPartitions } from './assigned-partitions.ts';
import { createBatchHandler } from './batch-handler.ts';
import { parseMarks } from './commit-marks.ts';
import type { ConsumerHealth } from './consumer-health.ts';
import { groupFault, readFault } from './group-fault.ts';
import type { ConsumerMetrics } from './metrics.ts';
import { createOffsetResets, type OffsetReset, type ResetReason } from './offset-resets.ts';
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
// Within the rebalance timeout, and within the time that a process has to stop.
const longestDrainMs = 10_000;
const retryWhileInSession = { initialRetryTime: 100, maxRetryTime: 1_000 };
const mostRetries = 30;

const resetMessages: Record<ResetReason, string> = {
  'topic-recreated': 'the topic was created again: its partition is read from the start',
  'records-deleted': 'records were deleted before they were read: reading goes on behind them',
  'log-ended-before': 'the log ends before the next offset: its partition is read from the start',
};

interface OrderConsumerOptions {
  client: KafkaClient;
  groupId: string;
  partitions: AssignedPartitions;
  heartbeatMs: number;
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
  logger: Logger;
}

/**
 * Reads the topics as a member of the group, from the earliest offset, and passes each fetched batch to its partition. Batches
 * of one partition are taken in order; partitions are read concurrently.
 *
 * kafkajs's consumer stops permanently on some errors (kafkajs #1445, #1513). Unless `stop` was called, a new one replaces it.
 */
export function createOrderConsumer(options: OrderConsumerOptions) {
  const { client, groupId, partitions, checkTopics, readableTopics, health, metrics, logger } =
    options;
  const partitionAssigners = createPartitionAssigners({ client, logger });
  // Nothing is heard of the member while it drains.
  const drainWithinMs = Math.min(longestDrainMs, options.sessionTimeoutMs / 2);
  const handler = createBatchHandler(options);
  const resets = createOffsetResets();
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
      beforeRejoin: async ({ isMember }) => {
        if (isMember) await partitions.drain('revoked', drainWithinMs);
        end();
      },
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
    partitions.readBy({
      pause: (topic, partition) =>
        whileRunning(() => consumer.pause([{ topic, partitions: [partition] }])),
      resume: (topic, partition) =>
        whileRunning(() => consumer.resume([{ topic, partitions: [partition] }])),
      seek: (topic, partition, offset) =>
        whileRunning(() => consumer.seek({ topic, partition, offset: String(offset) })),
      commit: (offsets) => consumer.commitOffsets([...offsets]),
    });
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
      await partitions.drain(stopping.signal.aborted ? 'stop' : 'revoked', drainWithinMs);
    } finally {
      ended.abort();
      end();
      await consumer.disconnect();
      partitions.readBy(undefined);
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
      end();
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
    consumer.on(consumer.events.START_OFFSETS, ({ payload }) => {
      const { topic, partition, topicId, offset, metadata } = payload;
      const marks = parseMarks(metadata);
      reportReset(resets.begins(topic, partition, topicId), { to: offset });
      partitions.begin({ topic, partition, topicId, offset: BigInt(offset), marks });
    });
    consumer.on(consumer.events.OFFSET_RESET, ({ payload }) => {
      const { topic, partition, from, to, isSameLog } = payload;
      partitions.reset(topic, partition, BigInt(to));
      const reset = { from: BigInt(from), to: BigInt(to), isSameLog };
      reportReset(resets.resets(topic, partition, reset), { from, to });
    });
    // Without `maxInFlightRequests`, kafkajs queues a request only while the broker throttles this client (KIP-219).
    consumer.on(consumer.events.REQUEST_QUEUE_SIZE, ({ payload }) =>
      health.throttled(payload.broker, payload.queueSize > 0),
    );
  }

  function reportReset(
    reset: OffsetReset | undefined,
    offsets: { from?: string; to: string },
  ): void {
    if (reset === undefined) return;
    const { topic, partition, reason, lost } = reset;
    metrics.offsetReset(reason);
    if (lost > 0) metrics.lostToRetention(topic, partition, lost);
    logger.warn({ topic, partition, ...offsets }, resetMessages[reason]);
  }

  /** The partitions may belong to other members from now on. */
  function end(): void {
    handler.abandon();
    partitions.end();
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
     * Stops taking records, stores and commits those that were taken, for 10 s at most, and leaves the group. If a join is still
     * pending after 5 s, the connections are closed instead, and the group removes this member when its session expires.
     */
    async stop(): Promise<void> {
      stopping.abort();
      // kafkajs cannot cancel a join, and the broker answers a join only when every other member has joined or timed out: up to
      // rebalanceTimeoutMs. Without in-flight batches, closing the connections loses nothing but the membership.
      const leaveTimer = setInterval(() => {
        if (handler.inFlight() > 0 || partitions.isDraining()) return;
        client.dropConnections('stopping');
        joinAbandoned.resolve();
      }, leaveWithinMs);
      await running;
      clearInterval(leaveTimer);
    },
  };
}

/** kafkajs throws when it has not joined yet, or has crashed: then it reads nothing that could be paused. */
function whileRunning(act: () => void): void {
  try {
    act();
  } catch (error) {
    if ((error as Error).name !== 'KafkaJSNonRetriableError') throw error;
  }
}
