import type { Logger } from '@order-stream/runtime';
import type { KafkaMessage } from 'kafkajs';
import type { ByteBudget } from './byte-budget.ts';
import { printMarks } from './commit-marks.ts';
import type { ConsumerHealth } from './consumer-health.ts';
import type { DeadLetterBrake } from './dead-letter-brake.ts';
import type { ConsumerMetrics } from './metrics.ts';
import {
  emptyRun,
  openPartitionDelivery,
  type PartitionDelivery,
  type PartitionOrigin,
  type TakenRun,
  untilHeld,
} from './partition-delivery.ts';
import { createPartitionHold } from './partition-hold.ts';
import type { DecodedRun } from './record-decoder.ts';
import type { RecordTracing } from './record-tracing.ts';
import type { Refusal } from './refusal.ts';
import { createRunDecoding, firstRecords } from './run-decoding.ts';
import type { SinkAttempts } from './sink-attempts.ts';
import type { FlushTrigger, Sink, SinkClosedError } from './sinks/sink.ts';

/** The records of one fetch. */
export interface FetchedBatch {
  readonly topic: string;
  readonly partition: number;
  readonly records: readonly KafkaMessage[];
  /** The offset that the fetch asked for. */
  readonly fetchedOffset: bigint;
  /** Of the last record in the batch, also one that is not in `records`: a transaction marker, or a record of an aborted one. */
  readonly lastOffset: bigint;
}

/** What all partitions share. */
export interface PartitionParts {
  sinks: readonly { sink: Sink; attempts: SinkAttempts }[];
  decodeRun(topic: string, records: readonly KafkaMessage[], from: number): Promise<DecodedRun>;
  sendDeadLetter(topic: string, partition: number, refusal: Refusal): Promise<void>;
  /** How a held brake is lifted, for `/readyz`. */
  brakeRemedy: string;
  budget: ByteBudget;
  health: Pick<ConsumerHealth, 'progressed' | 'took' | 'paused' | 'pausedPartitions'>;
  metrics: Pick<ConsumerMetrics, 'consumed' | 'processed' | 'paused'>;
  tracing?: RecordTracing;
  logger: Logger;
  /** A sink cannot recover; the process must end. */
  onSinkClosed(error: SinkClosedError): void;
}

export type AssignedPartition = ReturnType<typeof createAssignedPartition>;

/**
 * One partition of this member: takes what was fetched, is held while something is down, and opens its sinks again after a fault.
 *
 * @param start where the partition begins
 */
export function createAssignedPartition(
  start: PartitionOrigin,
  parts: PartitionParts & {
    /** Fetches of the partition: none, or again, or from an offset. */
    pause(): void;
    resume(): void;
    seek(offset: bigint): void;
    /** Every record below the watermark is durable. */
    acknowledge(watermark: bigint, marks: string): void;
    /** Of the partition, also over a rebalance. */
    brake: DeadLetterBrake;
    /** Whether nothing more may be taken. */
    isDraining(): boolean;
    /** Something happened that a waiting part may look at. */
    changed(): void;
    /** Resolves at the next change. */
    change(): Promise<void>;
  },
) {
  const { brake, budget, health, metrics } = parts;
  const { topic, partition } = start;
  let origin = start;
  let delivery: PartitionDelivery | undefined;
  let opening: Promise<void> | undefined;
  /** Ends the delivery, also one that is being opened. */
  let over = new AbortController();
  /** Pending while the sinks take. The next take begins after it. */
  let taking: Promise<void> | undefined;
  const held = createPartitionHold({ ...parts, topic, partition });
  const { hold, holdForRetry } = held;
  const decoding = createRunDecoding({
    decode: (records, from) => parts.decodeRun(topic, records, from),
    hold,
    failed: holdForRetry,
  });

  /** Closes the delivery. The next batch opens it again, where it stands. */
  function broken(error: Error): void {
    if (delivery === undefined) return;
    origin = { ...origin, offset: delivery.watermark(), marks: delivery.marks() };
    closeDelivery();
    held.forget();
    parts.seek(origin.offset);
    holdForRetry(error);
  }

  function closeDelivery(): void {
    over.abort();
    over = new AbortController();
    delivery?.close();
    delivery = undefined;
    taking = undefined;
    decoding.drop();
  }

  function progressed(settled: readonly TakenRun[]): void {
    if (delivery === undefined) return;
    if (settled.length > 0) held.recovered();
    for (const { records, lastTimestampMs, startedAt } of settled) {
      metrics.consumed(topic, records);
      metrics.processed(topic, (performance.now() - startedAt) / 1000);
      health.progressed(topic, partition, lastTimestampMs);
    }
    held.report();
    const watermark = delivery.watermark();
    const marks = printMarks(delivery.marks());
    if (watermark > origin.offset || marks !== printMarks(origin.marks))
      parts.acknowledge(watermark, marks);
    parts.changed();
  }

  async function open(): Promise<void> {
    const own = over;
    try {
      const opened = await openPartitionDelivery({
        origin,
        over: own,
        sinks: parts.sinks,
        brake,
        sendDeadLetter: (refusal) => parts.sendDeadLetter(topic, partition, refusal),
        events: { progressed, hold, broken, sinkClosed: parts.onSinkClosed },
      });
      if (over === own) delivery = opened;
      else opened.close();
    } catch (error) {
      if (over !== own) return;
      over = new AbortController();
      holdForRetry(error as Error);
    }
  }

  /** Takes one run from `at` on. Returns how many records were taken. */
  async function takeRun(
    to: PartitionDelivery,
    { records, lastOffset }: FetchedBatch,
    at: number,
  ): Promise<number> {
    const run = await decoding.decodeRun(records, at);
    if (run === undefined || delivery !== to || parts.isDraining()) return 0;
    // Deleted meanwhile, and skipped: the sinks have passed them.
    if (BigInt((run.records[0] as KafkaMessage).offset) < to.position()) return 0;
    const count = untilHeld(run.records, run.refusals, to);
    if (count === 0) return 0;
    const { records: taken, deliveries, refusals, startedAt } = firstRecords(run, count);
    const last = taken.at(-1) as KafkaMessage;
    health.took(topic, partition);
    held.report();
    follow(
      to.take({
        next: (at + count === records.length ? lastOffset : BigInt(last.offset)) + 1n,
        records: count,
        lastTimestampMs: Number(last.timestamp),
        startedAt,
        deliveries,
        refusals,
        endTrace: parts.tracing?.({ topic, partition, records: taken, startedAt }),
      }),
    );
    return count;
  }

  /** Passes over offsets without records, after the take in progress. */
  function takeNothing(to: PartitionDelivery, until: bigint): void {
    const take = async (): Promise<void> => {
      if (delivery === to && until > to.position()) await to.take(emptyRun(until));
    };
    follow(taking === undefined ? take() : taking.then(take));
  }

  function follow(take: Promise<void>): void {
    taking = take;
    take.then(() => {
      if (taking === take) taking = undefined;
    });
  }

  return {
    topic,
    partition,
    origin: () => origin,
    /** The offset of the next record to take. */
    position: () => delivery?.position() ?? origin.offset,
    /**
     * Takes the records of a fetch, in order. Ends early when the partition is held, revoked, or was opened again meanwhile: what
     * was not taken is fetched again. A sink that is slow delays it; one that is down does not, so that other partitions go on.
     *
     * @param resolve called with the offset of each last record taken: the next fetch begins after it
     */
    async takeBatch(
      batch: FetchedBatch,
      signal: AbortSignal,
      resolve: (lastOffset: bigint) => void,
    ): Promise<void> {
      const { records, fetchedOffset, lastOffset } = batch;
      const aborted = new Promise<void>((wake) => {
        signal.addEventListener('abort', () => wake(), { once: true });
      });
      if (delivery === undefined)
        opening ??= open().finally(() => {
          opening = undefined;
          parts.changed();
        });
      while (opening !== undefined && !held.isHeld() && !signal.aborted && !parts.isDraining())
        await Promise.race([parts.change(), aborted]);
      const to = delivery;
      if (to === undefined) return;
      const mayTake = () =>
        delivery === to && !held.isHeld() && !signal.aborted && !parts.isDraining();
      /** Waits for what was taken, and for memory. */
      const ready = async (): Promise<void> => {
        while (taking !== undefined && mayTake())
          await Promise.race([taking, parts.change(), aborted]);
        while (budget.isFull() && mayTake())
          await Promise.race([budget.room(), parts.change(), aborted]);
      };
      await ready();
      // The take in progress moves the position if records were deleted meanwhile.
      if (mayTake() && fetchedOffset !== to.position()) {
        parts.seek(to.position());
        return;
      }
      if (records.length === 0 && mayTake()) {
        takeNothing(to, lastOffset + 1n);
        resolve(lastOffset);
      }
      for (let at = 0; at < records.length && mayTake(); ) {
        try {
          const count = await takeRun(to, batch, at);
          if (count === 0) return;
          at += count;
        } catch (error) {
          if (delivery === to) holdForRetry(error as Error);
          return;
        }
        resolve(to.position() - 1n);
        await ready();
      }
    },
    /** The records before `offset` were deleted before they were read. What was taken before them is still stored. */
    skip(offset: bigint): void {
      if (delivery === undefined) {
        origin = { ...origin, offset };
        parts.acknowledge(offset, printMarks(origin.marks));
      } else takeNothing(delivery, offset);
    },
    flush(trigger: FlushTrigger): void {
      delivery?.flush(trigger);
    },
    /** Whether something was taken that is expected to be stored soon. */
    isStoring: () => delivery !== undefined && !held.isHeld() && !delivery.isSettled(),
    isBraked: held.isBraked,
    liftBrake: () => delivery?.liftBrake(),
    /** A sink is down, or answers again. What waits for it without a request of its own holds the partition as well. */
    sinkDown(sink: object, fault: Error | undefined): void {
      if (fault === undefined || (delivery !== undefined && !delivery.isSettled()))
        hold(sink, fault);
    },
    /** Another member may own the partition: nothing more is stored. */
    end(): void {
      held.end();
      closeDelivery();
    },
  };
}
