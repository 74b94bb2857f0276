import type { KafkaMessage } from 'kafkajs';
import type { DecodedRun } from './record-decoder.ts';
import type { Refusal } from './refusal.ts';
import type { Sink } from './sinks/sink.ts';

export interface RecordBatch {
  readonly topic: string;
  readonly partition: number;
  readonly records: readonly KafkaMessage[];
}

export interface BatchProcessorSteps {
  decodeRun(records: readonly KafkaMessage[], from: number): Promise<DecodedRun>;
  sink: Sink;
  /** Resolves when every refusal is acknowledged on the dead-letter topic. */
  sendDeadLetters(topic: string, partition: number, refusals: readonly Refusal[]): Promise<void>;
  /** Called with each run after it was acknowledged. */
  onAcknowledged?(run: AcknowledgedRun): void;
}

export type AcknowledgedRun = RecordBatch & {
  readonly refusals: readonly Refusal[];
  /** When decoding of the run began, by `performance.now()`. */
  readonly startedAt: number;
};

/**
 * The consumer's main path: decode a run, deliver it, dead-letter the refused records, acknowledge the run, continue.
 *
 * Calls `acknowledge(last)` with the index of a run's last record when every record up to it is durable in the sink or on the
 * dead-letter topic. When the registry, the sink or the dead-letter topic is down, throws that component's error: acknowledged
 * records stay acknowledged, and the caller processes the rest again. Stops between runs once `signal` is aborted.
 */
export function createBatchProcessor(steps: BatchProcessorSteps) {
  const { decodeRun, sink, sendDeadLetters, onAcknowledged } = steps;
  return async function processBatch(
    { topic, partition, records }: RecordBatch,
    signal: AbortSignal,
    acknowledge: (last: number) => void,
  ): Promise<void> {
    for (let at = 0; at < records.length && !signal.aborted; ) {
      const startedAt = performance.now();
      const { deliveries, refusals, next } = await decodeRun(records, at);
      const refused =
        deliveries.length === 0
          ? refusals
          : [...(await sink.deliver(topic, partition, deliveries, signal)), ...refusals];
      // A crash between delivery and dead letters repeats the whole run, which at-least-once delivery allows.
      if (refused.length > 0) await sendDeadLetters(topic, partition, refused);
      acknowledge(next - 1);
      onAcknowledged?.({
        topic,
        partition,
        records: records.slice(at, next),
        refusals: refused,
        startedAt,
      });
      at = next;
    }
  };
}
