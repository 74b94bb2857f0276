import type { Logger } from '@order-stream/runtime';
import type { EachBatchPayload, KafkaMessage, TopicOffsets } from 'kafkajs';
import type { RecordBatch } from './batch-processor.ts';
import type { ConsumerHealth } from './consumer-health.ts';
import type { ConsumerMetrics } from './metrics.ts';
import type { NextOffset, OffsetTracker } from './offset-tracker.ts';
import { retryDelayMs } from './retry-policy.ts';
import { SinkClosedError } from './sinks/sink.ts';

export interface BatchHandler {
  /** What kafkajs calls with each fetched batch; throws what makes it join the group again. */
  eachBatch(payload: EachBatchPayload): Promise<void>;
  /** The partitions were handed out anew, or the session is over: what is in hand acknowledges nothing more. */
  letGo(): void;
  /** Batches that are being processed now. */
  inHand(): number;
}

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
  /** The sink will never work again: end the process. */
  onSinkClosed(error: SinkClosedError): void;
}

/**
 * Takes one batch through `processBatch` and commits what it acknowledged; a partition whose step fails waits, and is fetched
 * again from its first unacknowledged record.
 *
 * Invariant: an offset is committed only when every record before it was acknowledged, and by the generation that fetched it.
 */
export function createBatchHandler(options: BatchHandlerOptions): BatchHandler {
  const { processBatch, tracker, health, metrics, logger, heartbeatMs, onSinkClosed } = options;
  const failures = new Map<string, number>();
  const inHand = new Set<AbortController>();

  async function eachBatch(payload: EachBatchPayload): Promise<void> {
    const { batch, resolveOffset, heartbeat, isRunning } = payload;
    const { topic, partition, messages } = batch;
    const startedAt = performance.now();
    const letGo = new AbortController();
    inHand.add(letGo);
    const membershipLost = Promise.withResolvers<never>();
    membershipLost.promise.catch(() => undefined);
    let lost: Error | undefined;
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
        lost = error;
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
    try {
      metrics.processed(topic, (performance.now() - startedAt) / 1000, failure && codeOf(failure));
      // What failed because it had to let go is not the partition's fault.
      if (failure !== undefined && !letGo.signal.aborted) hold(payload, failure);
      await tracker.commit((offsets) => payload.commitOffsetsIfNecessary(byTopic(offsets)));
    } finally {
      inHand.delete(letGo);
    }
    if (lost !== undefined) throw lost;
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
    eachBatch,
    letGo() {
      for (const one of inHand) one.abort();
    },
    inHand: () => inHand.size,
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
