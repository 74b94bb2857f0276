import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { authenticationFault, type KafkaClient, type Logger } from '@order-stream/runtime';
import type { Consumer } from 'kafkajs';
import { type BatchHandlerOptions, createBatchHandler } from './batch-handler.ts';
import type { ConsumerHealth } from './consumer-health.ts';
import type { ConsumerMetrics } from './metrics.ts';
import type { OffsetTracker } from './offset-tracker.ts';
import { retryDelayMs } from './retry-policy.ts';

// Of the ranges that trusted consumers use: session 30 to 60 s, heartbeat 3 s, rebalance 45 s.
const sessionTimeoutMs = 30_000;
const rebalanceTimeoutMs = 45_000;
const heartbeatMs = 3_000;
// A long poll cannot be interrupted: it delays leaving and rejoining by as much (kafkajs defaults to 5 s).
const maxWaitMs = 250;
// A fetch is held in memory as one object a record: 1 MiB (kafkajs's default) of orders from six partitions is forty thousand.
// Less than what producers write at once would serve one partition a fetch, the first (KIP-74).
const maxBytesPerPartition = 256 * 1024;
const partitionsAtOnce = 8;
const longestRestartDelayMs = 5_000;
// Longer than a broker lets a new group gather (group.initial.rebalance.delay.ms, 3 s): most joins can end, and be followed by leaving.
const leaveWithinMs = 5_000;
const retryWhileInSession = { initialRetryTime: 100, maxRetryTime: 1_000, retries: 30 };

export interface OrderConsumer {
  start(): void;
  /**
   * Ends intake, waits for what is in flight, commits it and leaves the group. A member that waits for others to join gives
   * up after 5 s; the group misses it after its session.
   */
  stop(): Promise<void>;
}

export interface OrderConsumerOptions {
  client: KafkaClient;
  groupId: string;
  topics: readonly string[];
  /** The topics, dead-letter topics included, that are missing. */
  missingTopics(): Promise<readonly string[]>;
  processBatch: BatchHandlerOptions['processBatch'];
  tracker: OffsetTracker;
  health: ConsumerHealth;
  metrics: ConsumerMetrics;
  logger: Logger;
  /** The sink will never work again: end the process. */
  onSinkClosed: BatchHandlerOptions['onSinkClosed'];
}

/**
 * Reads the topics as a member of the group, from the earliest offset, and hands each fetched batch to `processBatch`: batches
 * of one partition one after another, partitions side by side.
 *
 * kafkajs's consumer ends for good on some errors (kafkajs #1445, #1513); here each end but `stop` makes a new one.
 */
export function createOrderConsumer(options: OrderConsumerOptions): OrderConsumer {
  const { client, groupId, topics, missingTopics, tracker, health, metrics, logger } = options;
  const handler = createBatchHandler({ ...options, heartbeatMs });
  const stopping = new AbortController();
  const gaveUp = Promise.withResolvers<void>();
  let running: Promise<void> = Promise.resolve();
  let endedSessions = 0;

  async function runSessions(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        const missing = await missingTopics();
        if (missing.length === 0) await runSession();
        else logger.warn({ missing }, 'topics are missing');
      } catch (thrown) {
        const error = authenticationFault(thrown) ?? (thrown as Error);
        health.need('broker', `broker: ${error.message}`);
        logger.warn({ err: error }, 'consumer ended, starting another');
      }
      health.left();
      endedSessions += 1;
      const delayMs = Math.min(retryDelayMs(endedSessions), longestRestartDelayMs);
      await delay(delayMs, undefined, stopping).catch(() => undefined);
    }
  }

  /** Lives until kafkajs's consumer crashes or `stop` is called. */
  async function runSession(): Promise<void> {
    const consumer = client.consumer({
      groupId,
      sessionTimeout: sessionTimeoutMs,
      rebalanceTimeout: rebalanceTimeoutMs,
      heartbeatInterval: heartbeatMs,
      maxWaitTimeInMs: maxWaitMs,
      maxBytesPerPartition,
      allowAutoTopicCreation: false,
      // As long as the session lasts the member keeps its name: a new one would wait for the old one's session to end.
      retry: { ...retryWhileInSession, restartOnFailure: async () => false },
    });
    const crashed = Promise.withResolvers<never>();
    crashed.promise.catch(() => undefined);
    consumer.on(consumer.events.CRASH, ({ payload }) => crashed.reject(payload.error));
    followAssignment(consumer);
    const joined = join(consumer);
    joined.catch(() => undefined);
    try {
      await Promise.race([joined, gaveUp.promise]);
      if (!stopping.signal.aborted)
        await Promise.race([crashed.promise, once(stopping.signal, 'abort')]);
    } finally {
      await consumer.disconnect();
      handler.letGo();
    }
  }

  async function join(consumer: Consumer): Promise<void> {
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
      // kafkajs waits for the handlers of the last generation, but not when one of several fetchers, each with a broker of its own,
      // finds its metadata stale and joins again by itself (`recoverFromFetch`).
      handler.letGo();
      tracker.forget();
      metrics.forgetLag();
      metrics.rebalanced();
      health.joined(payload.memberAssignment);
      health.need('broker', undefined);
      endedSessions = 0;
      logger.info({ assignment: payload.memberAssignment }, 'joined the group');
    });
    consumer.on(consumer.events.REBALANCING, () => health.left());
    consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload }) => {
      // Batches of transaction markers alone never reach the handler.
      if (payload.batchSize === 0)
        tracker.acknowledge(payload.topic, payload.partition, BigInt(payload.lastOffset) + 1n);
    });
  }

  return {
    start() {
      running = runSessions();
    },
    async stop() {
      stopping.abort();
      // kafkajs cannot leave off joining, and a join is answered when every other member has joined or is given up: up to
      // rebalanceTimeoutMs. Without batches in hand there is nothing but the place in the group to lose.
      const patience = setInterval(() => {
        if (handler.inHand() > 0) return;
        client.dropConnections('stopping');
        gaveUp.resolve();
      }, leaveWithinMs);
      await running;
      clearInterval(patience);
    },
  };
}
