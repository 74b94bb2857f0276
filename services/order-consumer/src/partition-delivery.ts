import type { KafkaMessage } from 'kafkajs';
import type { DeadLetterBrake } from './dead-letter-brake.ts';
import { createDeadLetterLane } from './dead-letter-lane.ts';
import type { Delivery } from './delivery.ts';
import { createPartitionProgress } from './partition-progress.ts';
import type { Refusal, RefusalReason } from './refusal.ts';
import type { SinkAttempts } from './sink-attempts.ts';
import { type FlushTrigger, type Sink, SinkClosedError, type SinkPartition } from './sinks/sink.ts';

/** The lane of the dead letters in commits, beside those of the sinks. */
const deadLetterLane = 'dlq';

/** Where a partition begins. */
export interface PartitionOrigin {
  readonly topic: string;
  readonly partition: number;
  readonly topicId: string | undefined;
  readonly offset: bigint;
  /** Of the lanes, by the commit. */
  readonly marks: ReadonlyMap<string, bigint>;
}

/** Decoded records that were handed to the sinks. It holds no record, because a sink may keep its own form for a minute. */
export interface TakenRun {
  readonly next: bigint;
  readonly records: number;
  /** Epoch ms of the last record. Undefined for a run without records. */
  readonly lastTimestampMs: number | undefined;
  /** When its decoding began, by `performance.now()`. */
  readonly startedAt: number;
  /** Ends the spans of its records. */
  readonly endTrace:
    | ((reasonOf: (offset: string) => RefusalReason | undefined) => void)
    | undefined;
}

export interface RunToTake extends TakenRun {
  readonly deliveries: readonly Delivery[];
  readonly refusals: readonly Refusal[];
}

/** The offsets below `next` have no record to take. */
export const emptyRun = (next: bigint): RunToTake => ({
  next,
  records: 0,
  lastTimestampMs: undefined,
  startedAt: performance.now(),
  endTrace: undefined,
  deliveries: [],
  refusals: [],
});

export interface PartitionEvents {
  /** The watermark or a mark has changed. */
  progressed(settled: readonly TakenRun[]): void;
  /** The partition can take nothing for a reason, or no longer. */
  hold(cause: object, fault: Error | undefined): void;
  /** The partition must be opened again. */
  broken(error: Error): void;
  sinkClosed(error: SinkClosedError): void;
}

export type PartitionDelivery = Awaited<ReturnType<typeof openPartitionDelivery>>;

/**
 * Hands the records of one partition to every sink, and its refused records to the dead-letter topic.
 *
 * Invariant: the watermark passes a record only when every sink has stored it or refused it, and each refusal is acknowledged.
 *
 * @throws the error of a sink that cannot begin
 */
export async function openPartitionDelivery(options: {
  origin: PartitionOrigin;
  sinks: readonly { sink: Sink; attempts: SinkAttempts }[];
  brake: DeadLetterBrake;
  sendDeadLetter(refusal: Refusal): Promise<void>;
  events: PartitionEvents;
  /** Ends the partition, also while it is being opened. */
  over: AbortController;
}) {
  const { origin, sinks, brake, sendDeadLetter, events, over } = options;
  const { topic, partition, topicId, offset, marks } = origin;
  const { signal } = over;
  const parts: { name: string; part: SinkPartition }[] = [];
  const hold = (cause: object, fault: Error | undefined) => {
    if (!signal.aborted) events.hold(cause, fault);
  };
  const deadLetters = createDeadLetterLane({ signal, brake, send: sendDeadLetter, hold });
  let lastDeadLetters = Promise.resolve();
  let deadLettersPending = 0;
  let deadLetterMark = marks.get(deadLetterLane);

  function broken(error: Error): void {
    if (signal.aborted) return;
    if (error instanceof SinkClosedError) events.sinkClosed(error);
    else events.broken(error);
  }

  function durable(lane: string, next: bigint, mark: bigint | undefined): void {
    if (signal.aborted) return;
    try {
      if (!progress.durable(lane, next, mark)) return;
    } catch (error) {
      broken(error as Error);
      return;
    }
    const settled = progress.settle();
    for (const { endTrace } of settled) endTrace?.(deadLetters.reasonOf);
    if (settled.length > 0) deadLetters.forget(progress.watermark());
    events.progressed(settled);
  }

  function startOf({ sink: { name }, attempts }: { sink: Sink; attempts: SinkAttempts }) {
    return {
      topic,
      partition,
      topicId,
      offset,
      mark: marks.get(name),
      signal,
      durable: (next: bigint, mark = next) => durable(name, next, mark),
      rejected: (refusal: Refusal) => deadLetters.rejected({ ...refusal, sink: name }),
      attempt: <Result>(
        description: string,
        request: (signal: AbortSignal, progressed: () => void) => Promise<Result>,
        pause?: (delayed: Promise<void>) => Promise<void>,
      ) => attempts.attempt({ topic, partition, signal, hold }, description, request, pause),
      reopen: broken,
    };
  }

  function close(): void {
    over.abort();
    for (const { part } of parts) part.close();
  }

  try {
    for (const one of sinks)
      parts.push({ name: one.sink.name, part: await one.sink.open(startOf(one)) });
  } catch (error) {
    close();
    throw error;
  }
  const atLeast = (from: bigint) => (from > offset ? from : offset);
  const deadLettersFrom = atLeast(marks.get(deadLetterLane) ?? offset);
  const progress = createPartitionProgress<TakenRun>(
    offset,
    new Map([
      ...parts.map(
        ({ name, part }) => [name, { from: atLeast(part.from), mark: marks.get(name) }] as const,
      ),
      [deadLetterLane, { from: deadLettersFrom, mark: marks.get(deadLetterLane) }] as const,
    ]),
  );

  /** Sends refused records in the background. Returns a promise while they are not all acknowledged. */
  function takeRefusals(refusals: readonly Refusal[], next: bigint): Promise<void> | undefined {
    if (next < deadLettersFrom) return undefined;
    const missing = refusals.filter(({ record }) => BigInt(record.offset) >= deadLettersFrom);
    if (missing.length === 0 && deadLettersPending === 0) {
      durable(deadLetterLane, next, deadLetterMark);
      return undefined;
    }
    deadLettersPending += 1;
    lastDeadLetters = Promise.all([lastDeadLetters, ...missing.map(deadLetters.write)]).then(() => {
      deadLettersPending -= 1;
      // A mark without a new dead letter would be a commit without need.
      if (missing.length > 0) deadLetterMark = next;
      durable(deadLetterLane, next, deadLetterMark);
    });
    return missing.length === 0 ? undefined : lastDeadLetters;
  }

  function withoutStored(deliveries: readonly Delivery[], from: bigint): readonly Delivery[] {
    const first = deliveries[0];
    if (first === undefined || BigInt(first.record.offset) >= from) return deliveries;
    return deliveries.filter(({ record }) => BigInt(record.offset) >= from);
  }

  return {
    /** Whether the brake lets a record become a dead letter. If not, the partition is held. */
    mayRefuse: deadLetters.mayRefuse,
    passed: brake.passed,
    position: progress.position,
    watermark: progress.watermark,
    marks: progress.marks,
    isSettled: progress.isSettled,
    /** Resolves when the sinks and the dead-letter topic can take more. Never rejects. */
    async take({ deliveries, refusals, ...run }: RunToTake): Promise<void> {
      const { next } = run;
      progress.taken(run);
      const waiting: (Promise<void> | undefined)[] = [takeRefusals(refusals, next)];
      try {
        for (const { part } of parts)
          if (next > part.from)
            waiting.push(
              part.take({
                deliveries: withoutStored(deliveries, part.from),
                next,
              }) as Promise<void>,
            );
        await Promise.all(waiting);
      } catch (error) {
        broken(error as Error);
      }
    },
    flush(trigger: FlushTrigger): void {
      for (const { part } of parts) part.flush(trigger);
    },
    liftBrake: deadLetters.liftBrake,
    close,
  };
}

/** The records of a run that come before the first one that the brake holds back. */
export function untilHeld(
  records: readonly KafkaMessage[],
  refusals: readonly Refusal[],
  brake: { mayRefuse(offset: string): boolean; passed(offset: string): void },
): number {
  const refused = new Set<KafkaMessage>(refusals.map(({ record }) => record));
  for (let i = 0; i < records.length; i += 1) {
    const record = records[i] as KafkaMessage;
    if (!refused.has(record)) brake.passed(record.offset);
    else if (!brake.mayRefuse(record.offset)) return i;
  }
  return records.length;
}
