import type { Delivery } from '../delivery.ts';
import type { FailureClass } from '../failure-class.ts';
import type { Refusal } from '../refusal.ts';

/** Stores decoded records. One per kind and process; `open` begins one partition of it. docs/sinks.md is the guide to a new one. */
export interface Sink {
  /** Its name in `SINKS`, metrics, `/readyz`, commits and the header `orders.dlq.sink`: lower-case letters and digits. */
  readonly name: string;
  /** How long the sink may keep a taken record before it begins to store it, in ms. 0: it begins at once. */
  readonly holdMs: number;
  /**
   * Begins a partition. May ask the store where the partition stands, by `start.attempt`.
   * Throwing means: the partition cannot begin now. It is paused and opened again later.
   */
  open(start: PartitionStart): SinkPartition | Promise<SinkPartition>;
  /** What a failed request means: whether to try it again, and how it is reported. */
  failureClassOf(error: unknown): FailureClass;
  /** Called at the memory limit: the sink begins to store records that it keeps. A sink that keeps no records does nothing. */
  relieve(): void;
  /** Called once, after every partition was closed. */
  close(): Promise<void> | void;
}

/** One partition of a sink, until it is revoked, reset, or opened again after a fault. */
export interface SinkPartition {
  /** The first offset that the sink lacks. Records below it are not passed to `take`. */
  readonly from: bigint;
  /**
   * Takes the next records, in the order of their offsets. Returning means only: taken. `PartitionStart.durable` reports later that
   * they are stored.
   *
   * A promise delays the next records of this partition (backpressure). It does not reject for a fault of the store: the sink tries
   * again by `PartitionStart.attempt`, and keeps what it has taken. Any other rejection opens the partition again.
   */
  take(run: SinkRun): void | Promise<void>;
  /** Begins to store everything taken, also what could be kept longer. `durable` reports it. */
  flush(trigger: FlushTrigger): void;
  /**
   * The partition is over; `PartitionStart.signal` was aborted before. Releases memory and timers. No request begins after it, and
   * nothing is reported.
   */
  close(): void;
}

export interface SinkRun {
  readonly deliveries: readonly Delivery[];
  /**
   * The offset after the run. Offsets below it without a delivery need nothing from this sink: ignored tombstones, refused records,
   * transaction markers.
   */
  readonly next: bigint;
}

/** Why records are stored that could be kept longer. The first four are a sink's own rotation. */
export type FlushTrigger = 'records' | 'bytes' | 'time' | 'schema' | 'memory' | 'revoked' | 'stop';

/** What a sink is given when a partition begins. */
export interface PartitionStart {
  readonly topic: string;
  readonly partition: number;
  /** Undefined if the broker has no topic ids (KIP-516). A topic that was deleted and created again has another id. */
  readonly topicId: string | undefined;
  /** The group's committed offset, or where a group without a commit begins. `take` begins here, or at `SinkPartition.from`. */
  readonly offset: bigint;
  /** The last mark of this sink that the group committed. Undefined for a new group, and after offsets were reset by a tool. */
  readonly mark: bigint | undefined;
  /** Aborted when another member may own the partition: nothing may begin any more. */
  readonly signal: AbortSignal;
  /**
   * Every record below `next` is stored, or needs nothing, or was rejected and is on the dead-letter topic. Never decreases.
   *
   * @param mark where the sink's own bookkeeping stands. It travels in the commit and comes back as `PartitionStart.mark`.
   *   Default: `next`. It may be lower: a file begins after the file before it, whether or not that offset has a line
   */
  durable(next: bigint, mark?: bigint): void;
  /**
   * The store will never take this record. Resolves when the record is on the dead-letter topic; only then may `durable` pass it.
   * Never rejects; stays pending once `signal` is aborted.
   */
  rejected(refusal: Refusal): Promise<void>;
  /**
   * Runs a request until it succeeds. Transient, throttled and unauthorised failures are tried again with growing delays. After two
   * failures in a row the partition is paused and `/readyz` names the sink. While the sink is down, one request probes it and the
   * others wait.
   *
   * @param description names the request in logs and errors, without a payload: `PutObject topics/orders/…`
   * @param request calls `progressed` when the store has accepted a part of it
   * @param pause called between two attempts, with the delay. The next attempt begins when the promise that it returns resolves, or
   *   the partition is over. For a sink that sends something else meanwhile. Default: the delay alone
   * @throws other failures at once; `signal.reason` when the partition is over
   */
  attempt<Result>(
    description: string,
    request: (signal: AbortSignal, progressed: () => void) => Promise<Result>,
    pause?: (delayed: Promise<void>) => Promise<void>,
  ): Promise<Result>;
  /**
   * What was taken cannot be stored as the sink keeps it. The partition is closed, paused for a growing delay, and opened again at
   * its watermark. For inconsistencies (another writer has stored a part) and for what needs a person; `error.message` says what
   * to do.
   */
  reopen(error: Error): void;
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
