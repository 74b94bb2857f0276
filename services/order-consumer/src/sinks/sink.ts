import type { RegisteredSchema } from '@order-stream/serde';
import type { KafkaMessage } from 'kafkajs';

/** One record whose value the sink is to keep, and the writer schema. */
export interface Delivery {
  readonly record: KafkaMessage;
  readonly value: unknown;
  readonly schema: Pick<RegisteredSchema, 'dataFormat' | 'definition' | 'references'>;
}

/** A record that no retry will help: it goes to the dead-letter topic. */
export interface Refusal {
  readonly record: KafkaMessage;
  /** `undecodable`: its bytes; `rejected`: what it says; `bug`: our code threw. */
  readonly reason: RefusalReason;
  readonly error: Error;
}

export const refusalReasons = ['undecodable', 'rejected', 'bug'] as const;
export type RefusalReason = (typeof refusalReasons)[number];

/** Where decoded records end up. */
export interface Sink {
  /**
   * Makes records of one partition durable, in the order given.
   *
   * Returning means: every record is durable, but for those that come back as refusals. The caller commits
   * offsets on it, so nothing may be kept only in memory.
   * Throwing means: the sink is down. Any part of the records may be durable, and all of them will be delivered
   * again, here or, after a rebalance, in another process. A SinkClosedError means that it will never work again.
   * Revocation: once `signal` is aborted the partition may be somebody else's. A delivery that has not begun must
   * not begin; one that has may end.
   *
   * Must not be called for a partition whose last delivery has neither ended nor been aborted.
   */
  deliver(
    topic: string,
    partition: number,
    deliveries: readonly Delivery[],
    signal: AbortSignal,
  ): Promise<readonly Refusal[]>;
  /** Since when (epoch ms) the sink has been busy with one delivery; undefined when idle. */
  busySince(): number | undefined;
}

/** The sink's other end is gone for good: the process has to stop, with nothing more committed. */
export class SinkClosedError extends Error {
  readonly code = 'sink-closed';
  readonly retryable = false;

  constructor(message: string, cause: unknown) {
    super(message, { cause });
    this.name = 'SinkClosedError';
  }
}
