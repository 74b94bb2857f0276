import { errorCode, type Logger } from '@order-stream/runtime';
import type { EachBatchPayload, KafkaMessage, TopicOffsets } from 'kafkajs';
import type { RecordBatch } from './batch-processor.ts';
import type { ConsumerHealth } from './consumer-health.ts';
import type { ConsumerMetrics } from './metrics.ts';
import type { NextOffset, OffsetTracker } from './offset-tracker.ts';
import { retryDelayMs } from './retry-policy.ts';
import { SinkClosedError } from './sinks/sink.ts';

export interface BatchHandlerOptions {
  processBatch(
    batch: RecordBatch,
    signal: AbortSignal,
    acknowledge: (last: number) => void,
  ): Promise<void>;
  tracker: OffsetTracker;
  health: Pick<ConsumerHealth, 'progressed' | 'paused' | 'pausedPartitions'>;
  metrics: Pick<ConsumerMetrics, 'consumed' | 'processed' | 'paused'>;
  logger: Logger;
  heartbeatMs: number;
  /** The sink cannot recover; the process must end. */
  onSinkClosed(error: SinkClosedError): void;
}

/**
 * Runs each batch through `processBatch` and commits the acknowledged records. If a step fails, the partition is paused, then
 * fetched again from its first unacknowledged record.
 *
 * Invariant: an offset is committed only when every record before it was acknowledged, and by the generation that fetched it.
 */
export function createBatchHandler(options: BatchHandlerOptions) {
  const { processBatch, tracker, health, metrics, logger, heartbeatMs, onSinkClosed } = options;
  const failures = new Map<string, number>();
  const inFlight = new Set<AbortController>();

  /** kafkajs calls this with each fetched batch. An error thrown from it makes kafkajs rejoin the group. */
  async function eachBatch(payload: EachBatchPayload): Promise<void> {
    const { batch, resolveOffset, heartbeat, isRunning } = payload;
    const { topic, partition, messages } = batch;
    const startedAt = performance.now();
    const log = tracker.logOf(topic, partition);
    const abandoned = new AbortController();
    inFlight.add(abandoned);
    const membershipLost = Promise.withResolvers<never>();
    membershipLost.promise.catch(() => undefined);
    let lost: Error | undefined;
    let acknowledged = -1;

    const acknowledge = (last: number) => {
      // The partition may belong to another member by now.
      if (abandoned.signal.aborted) return;
      const record = messages[last] as KafkaMessage;
      // The batch's last offset includes records that kafkajs filtered out after the last one.
      const lastOffset = last === messages.length - 1 ? batch.lastOffset() : record.offset;
      if (!tracker.acknowledge(log, BigInt(lastOffset) + 1n)) {
        // The topic may have been created again: the offsets of this batch mean other records now.
        abandoned.abort();
        return;
      }
      metrics.consumed(topic, last - acknowledged);
      acknowledged = last;
      resolveOffset(record.offset);
      health.progressed(topic, partition, Number(record.timestamp));
      failures.delete(`${topic}/${partition}`);
      if (!isRunning()) abandoned.abort();
    };

    // A step may outlast the session timeout: keep the membership alive, and notice when it is lost.
    const beating = setInterval(() => {
      heartbeat().catch((error) => {
        lost = error;
        abandoned.abort(error);
        membershipLost.reject(error);
      });
    }, heartbeatMs);
    let failure: Error | undefined;
    try {
      await Promise.race([
        processBatch({ topic, partition, records: messages }, abandoned.signal, acknowledge),
        membershipLost.promise,
      ]);
    } catch (error) {
      failure = error as Error;
    }
    clearInterval(beating);
    try {
      metrics.processed(
        topic,
        (performance.now() - startedAt) / 1000,
        failure && errorCode(failure),
      );
      // A batch that was abandoned fails because its signal was aborted, which is not the partition's fault.
      if (failure !== undefined && !abandoned.signal.aborted) pauseAfterFailure(payload, failure);
      await tracker.commit((offsets) => payload.commitOffsetsIfNecessary(byTopic(offsets)));
    } finally {
      inFlight.delete(abandoned);
    }
    if (lost !== undefined) throw lost;
  }

  /** Pauses one partition until the next attempt; the other partitions continue. */
  function pauseAfterFailure(
    { batch: { topic, partition }, pause }: EachBatchPayload,
    failure: Error,
  ): void {
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
    logger.warn(
      { topic, partition, reason: failure.message, failures: count, delayMs },
      'partition paused, trying again later',
    );
    setTimeout(resume, delayMs).unref();
  }

  return {
    eachBatch,
    /** Call after a rebalance or at the end of a session: in-flight batches can no longer acknowledge. */
    abandon() {
      for (const one of inFlight) one.abort();
    },
    /** Number of batches in progress. */
    inFlight: () => inFlight.size,
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
