import {
  type AssignedPartition,
  createAssignedPartition,
  type FetchedBatch,
  type PartitionParts,
} from './assigned-partition.ts';
import { createDeadLetterBrake, type DeadLetterBrake } from './dead-letter-brake.ts';
import { createOffsetCommitter } from './offset-committer.ts';
import type { NextOffset, OffsetTracker } from './offset-tracker.ts';
import type { PartitionOrigin } from './partition-delivery.ts';
import type { FlushTrigger } from './sinks/sink.ts';

/** What the partitions need from the Kafka consumer. */
export interface PartitionReader {
  pause(topic: string, partition: number): void;
  resume(topic: string, partition: number): void;
  /** The next fetch of the partition begins at the offset. */
  seek(topic: string, partition: number, offset: bigint): void;
  commit(offsets: readonly NextOffset[]): Promise<void>;
}

/** Of the time for a drain. In the rest, what was stored is committed. */
const storingShare = 0.8;

export type AssignedPartitions = ReturnType<typeof createAssignedPartitions>;

/**
 * The partitions that this member owns, and their commits.
 *
 * Invariant: an offset is committed only when every record before it is durable in every sink or on the dead-letter topic, and only
 * while this member owns the partition.
 */
export function createAssignedPartitions(
  options: PartitionParts & {
    tracker: OffsetTracker;
    brakeLimits: { percent: number; consecutive: number };
  },
) {
  const { tracker, logger } = options;
  /** By partition, over rebalances: only an operator, a restart, or another log lifts a brake. */
  const brakes = new Map<string, { brake: DeadLetterBrake; topicId: string | undefined }>();
  const assigned = new Map<string, AssignedPartition>();
  let reader: PartitionReader | undefined;
  let change = Promise.withResolvers<void>();
  let isDraining = false;
  const committer = createOffsetCommitter({
    tracker,
    send: async (offsets) => reader?.commit(offsets),
    logger,
  });

  function changed(): void {
    change.resolve();
    change = Promise.withResolvers<void>();
  }

  /** In a topic that was made again, the same offsets are other records. */
  function brakeOf({ topic, partition, topicId }: PartitionOrigin): DeadLetterBrake {
    const key = `${topic}/${partition}`;
    const known = brakes.get(key);
    const id = topicId ?? known?.topicId;
    const isSameLog = known !== undefined && (known.topicId ?? id) === id;
    const brake = isSameLog ? known.brake : createDeadLetterBrake(options.brakeLimits);
    brakes.set(key, { brake, topicId: id });
    return brake;
  }

  function begin(origin: PartitionOrigin): void {
    const { topic, partition } = origin;
    const key = `${topic}/${partition}`;
    assigned.get(key)?.end();
    const log = tracker.logOf(topic, partition);
    assigned.set(
      key,
      createAssignedPartition(origin, {
        ...options,
        brake: brakeOf(origin),
        pause: () => reader?.pause(topic, partition),
        resume: () => reader?.resume(topic, partition),
        seek: (offset) => reader?.seek(topic, partition, offset),
        acknowledge(watermark, marks) {
          tracker.acknowledge(log, watermark, marks);
          committer.soon();
        },
        isDraining: () => isDraining,
        changed,
        change: () => change.promise,
      }),
    );
  }

  /** A coordinator that does not answer must not delay the member: it would miss its heartbeats, or the end of its process. */
  async function commitWithin(limitMs: number): Promise<void> {
    const committed = committer
      .now()
      .catch((error) => logger.warn({ err: error }, 'the last commit failed'));
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(() => {
        logger.warn('the last commit was not answered in time');
        resolve();
      }, limitMs);
    });
    await Promise.race([committed, late]);
    clearTimeout(timer);
  }

  const braked = () => [...assigned.values()].filter((one) => one.isBraked());

  return {
    /** The partitions of a new session are read, paused and committed by this consumer. */
    readBy(newReader: PartitionReader | undefined): void {
      reader = newReader;
    },
    /** A partition was assigned. Its first batch opens it. */
    begin,
    /** As `AssignedPartition.takeBatch`. Does nothing for a partition that was not assigned. */
    async takeBatch(
      batch: FetchedBatch,
      signal: AbortSignal,
      resolve: (lastOffset: bigint) => void,
    ): Promise<void> {
      committer.throwFailure();
      const one = assigned.get(`${batch.topic}/${batch.partition}`);
      if (one !== undefined && !isDraining) await one.takeBatch(batch, signal, resolve);
    },
    /** The next offset of a partition does not exist (any more): it is read from `offset` on. */
    reset(topic: string, partition: number, offset: bigint): void {
      const one = assigned.get(`${topic}/${partition}`);
      if (one !== undefined && offset >= one.position()) {
        one.skip(offset);
        return;
      }
      tracker.reset(topic, partition, offset);
      brakes.delete(`${topic}/${partition}`);
      if (one === undefined) return;
      reader?.resume(topic, partition);
      begin({ ...one.origin(), offset, marks: new Map() });
      committer.soon();
    },
    /** The offset of the next record to take; undefined for a partition that was not assigned. */
    positionOf: (topic: string, partition: number) =>
      assigned.get(`${topic}/${partition}`)?.position(),
    /** A sink is down, or answers again. */
    sinkDown(sink: object, fault: Error | undefined): void {
      for (const one of assigned.values()) one.sinkDown(sink, fault);
    },
    /** How many partitions the dead-letter brake holds. */
    brakedPartitions: () => braked().length,
    /** Lets the partitions that the dead-letter brake holds go on. Returns their names. */
    liftBrake(): string[] {
      const held = braked();
      for (const one of held) one.liftBrake();
      return held.map(({ topic, partition }) => `${topic}/${partition}`);
    },
    /** Stores everything taken and commits it, as far as the time allows. Partitions that are held are not waited for. */
    async drain(trigger: FlushTrigger, withinMs: number): Promise<void> {
      const startedAt = performance.now();
      isDraining = true;
      for (const one of assigned.values()) {
        reader?.pause(one.topic, one.partition);
        one.flush(trigger);
      }
      changed();
      let isLate = false;
      const timer = setTimeout(() => {
        isLate = true;
        changed();
      }, withinMs * storingShare);
      while (!isLate && [...assigned.values()].some((one) => one.isStoring())) await change.promise;
      clearTimeout(timer);
      await commitWithin(withinMs - (performance.now() - startedAt));
    },
    isDraining: () => isDraining,
    /** The partitions may belong to other members: nothing more is stored or committed. */
    end(): void {
      for (const one of assigned.values()) {
        one.end();
        // kafkajs keeps a pause over a rebalance.
        reader?.resume(one.topic, one.partition);
      }
      assigned.clear();
      isDraining = false;
      committer.cancel();
      tracker.forget();
      changed();
    },
  };
}
