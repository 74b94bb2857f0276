import type { Delivery } from '../delivery.ts';
import type { Refusal } from '../refusal.ts';

/** Stores decoded records. */
export interface Sink {
  /**
   * Makes records of one partition durable, in the order given.
   *
   * Returning means: every record is durable, except those returned as refusals. The caller then commits their
   * offsets, so no record may be kept only in memory.
   * Throwing means: the sink is down. Some of the records may be durable. All of them will be delivered again, in this
   * process or, after a rebalance, in another one. A SinkClosedError means that the sink will never work again.
   * Revocation: once `signal` is aborted, another process may own the partition. A delivery that has not begun must
   * not begin; one in progress may end.
   *
   * Must not be called for a partition while its last delivery is in progress and not aborted.
   */
  deliver(
    topic: string,
    partition: number,
    deliveries: readonly Delivery[],
    signal: AbortSignal,
  ): Promise<readonly Refusal[]>;
  /** Since when a delivery waits and the sink has accepted nothing, by `performance.now()`; undefined when idle. */
  busySince(): number | undefined;
  /**
   * When the sink last accepted a part of a delivery that it had kept waiting for more than a second, by `performance.now()`.
   * Everything that is to be delivered waits behind it.
   */
  movedSlowlyAt(): number | undefined;
}

/** The sink's output is closed for good: the process must stop without committing anything more. */
export class SinkClosedError extends Error {
  readonly code = 'sink-closed';
  readonly retryable = false;

  constructor(message: string, cause: unknown) {
    super(message, { cause });
    this.name = 'SinkClosedError';
  }
}
