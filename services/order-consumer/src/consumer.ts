import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { authenticationFault, type KafkaClient, type Logger } from '@order-stream/runtime';
import type { Consumer, EachBatchPayload, KafkaMessage, TopicOffsets } from 'kafkajs';
import type { RecordBatch } from './batch-processor.ts';
import type { ConsumerHealth } from './consumer-health.ts';
import type { ConsumerMetrics } from './metrics.ts';
import type { NextOffset, OffsetTracker } from './offset-tracker.ts';
import { retryDelayMs } from './retry-policy.ts';
import { SinkClosedError } from './sinks/sink.ts';

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
const retryWhileInSession = { initialRetryTime: 100, maxRetryTime: 1_000, retries: 30 };

export type OrderConsumer = {
  start(): void;
  /** Ends intake, waits for what is in flight, commits it and leaves the group. */
  stop(): Promise<void>;
};

export type OrderConsumerOptions = {
  client: KafkaClient;
  groupId: string;
  topics: readonly string[];
  /** The topics, dead-letter topics included, that are missing. */
  missingTopics(): Promise<readonly string[]>;
  processBatch(
    batch: RecordBatch,
    signal: AbortSignal,
    acknowledge: (last: number) => void,
  ): Promise<void>;
  tracker: OffsetTracker;
  health: ConsumerHealth;
  metrics: ConsumerMetrics;
  logger: Logger;
  /** The sink will never work again: end the process. */
  onSinkClosed(error: SinkClosedError): void;
};

/**
 * Reads the topics as a member of the group, from the earliest offset, and hands each fetched batch to `processBatch`: batches
 * of one partition one after another, partitions side by side.
 *
 * Invariant: an offset is committed only when every record before it was acknowledged.
 *
 * kafkajs's consumer ends for good on some errors (kafkajs #1445, #1513); here each end but `stop` makes a new one.
 */
export function createOrderConsumer(options: OrderConsumerOptions): OrderConsumer {
  const { client, groupId, topics, missingTopics, processBatch } = options;
  const { tracker, health, metrics, logger, onSinkClosed } = options;
  const failures = new Map<string, number>();
  const stopping = new AbortController();
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
    try {
      await consumer.connect();
      await consumer.subscribe({ topics: [...topics], fromBeginning: true });
      await consumer.run({
        autoCommit: false,
        eachBatchAutoResolve: false,
        partitionsConsumedConcurrently: partitionsAtOnce,
        eachBatch,
      });
      if (!stopping.signal.aborted)
        await Promise.race([crashed.promise, once(stopping.signal, 'abort')]);
    } finally {
      await consumer.disconnect();
    }
  }

  function followAssignment(consumer: Consumer): void {
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
      // Every handler of the last generation has returned by now: kafkajs waits for them before it joins again.
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

  async function eachBatch(payload: EachBatchPayload): Promise<void> {
    const { batch, resolveOffset, heartbeat, isRunning } = payload;
    const { topic, partition, messages } = batch;
    const startedAt = performance.now();
    const letGo = new AbortController();
    const membershipLost = Promise.withResolvers<never>();
    membershipLost.promise.catch(() => undefined);
    let acknowledged = -1;

    const acknowledge = (last: number) => {
      // A step that outlived the membership acknowledges what is somebody else's by now.
      if (letGo.signal.aborted) return;
      const record = messages[last] as KafkaMessage;
      metrics.consumed(topic, last - acknowledged);
      acknowledged = last;
      resolveOffset(record.offset);
      // The batch's last offset counts what kafkajs filtered out behind the last record.
      const lastOffset = last === messages.length - 1 ? batch.lastOffset() : record.offset;
      tracker.acknowledge(topic, partition, BigInt(lastOffset) + 1n);
      health.progressed(topic, partition, Number(record.timestamp));
      failures.delete(`${topic}/${partition}`);
      if (!isRunning()) letGo.abort();
    };

    // However long a step takes, the group hears from this member, and this member hears when it has to let go.
    const beating = setInterval(() => {
      heartbeat().catch((error) => {
        letGo.abort(error);
        membershipLost.reject(error);
      });
    }, heartbeatMs);
    let failure: Error | undefined;
    try {
      await Promise.race([
        processBatch({ topic, partition, records: messages }, letGo.signal, acknowledge),
        membershipLost.promise,
      ]);
    } catch (error) {
      failure = error as Error;
    }
    clearInterval(beating);
    metrics.processed(topic, (performance.now() - startedAt) / 1000, failure && codeOf(failure));
    if (failure !== undefined && failure !== letGo.signal.reason) hold(payload, failure);
    await tracker.commit((offsets) => payload.commitOffsetsIfNecessary(byTopic(offsets)));
    if (failure !== undefined && failure === letGo.signal.reason) throw failure;
  }

  /** The partition waits, and is fetched again from its first unacknowledged record; the others go on. */
  function hold({ batch: { topic, partition }, pause }: EachBatchPayload, failure: Error): void {
    const resume = pause();
    health.paused(topic, partition, failure.message);
    metrics.paused(health.pausedPartitions());
    if (failure instanceof SinkClosedError) {
      onSinkClosed(failure);
      return;
    }
    const key = `${topic}/${partition}`;
    const count = (failures.get(key) ?? 0) + 1;
    failures.set(key, count);
    const delayMs = retryDelayMs(count);
    logger.warn({ topic, partition, reason: failure.message, failures: count, delayMs }, 'waiting');
    setTimeout(resume, delayMs).unref();
  }

  return {
    start() {
      running = runSessions();
    },
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

function byTopic(offsets: readonly NextOffset[]): { topics: TopicOffsets[] } {
  const topics = new Map<string, TopicOffsets>();
  for (const { topic, partition, offset } of offsets) {
    const entry = topics.get(topic) ?? { topic, partitions: [] };
    entry.partitions.push({ partition, offset });
    topics.set(topic, entry);
  }
  return { topics: [...topics.values()] };
}

function codeOf(error: Error): string {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : error.name;
}
