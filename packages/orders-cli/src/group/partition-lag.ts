import { createTopicReader, nextOffset, unreadRecords } from '@order-stream/runtime';
import type { Connection } from '../kafka/connection.ts';
import { asOffsets, type GroupPartition } from './group-partitions.ts';

export interface PartitionLag extends GroupPartition {
  /** Records that the group has not processed. Those behind an open transaction are not counted: nobody can read them. */
  records: bigint;
  /** Age of the oldest unread record by its timestamp. Undefined: there is none, or it has only transaction markers. */
  seconds: number | undefined;
  openTransactionRecords: bigint;
}

/** @param oldestMs timestamp of the first unread record, by topic and partition */
export function lagOf(
  partition: GroupPartition,
  oldestMs: number | undefined,
  nowMs: number,
): PartitionLag {
  return {
    ...partition,
    ...unreadRecords(asOffsets(partition)),
    // A clock that is ahead of the producer's makes no record younger than nothing.
    seconds: oldestMs === undefined ? undefined : Math.max(0, (nowMs - oldestMs) / 1000),
  };
}

/** A batch is read whole, so a small limit is enough for its first record. */
const maxBytesPerPartition = 16 * 1024;

/** Partition → timestamp of the first record that the group has not read, for the partitions of one topic. */
export async function oldestUnread(
  { client, logger }: Connection,
  topic: string,
  partitions: readonly GroupPartition[],
  signal: AbortSignal,
): Promise<Map<number, number>> {
  const behind = partitions.map(asOffsets).filter((one) => nextOffset(one) < one.stable);
  const reader = createTopicReader(client, {
    topic,
    from: new Map(behind.map((one) => [one.partition, nextOffset(one)])),
    to: new Map(behind.map(({ partition, stable }) => [partition, stable])),
    maxBytesPerPartition,
    signal,
    logger,
  });
  const oldest = new Map<number, number>();
  for (;;) {
    const missing = reader.open().filter((partition) => !oldest.has(partition));
    if (missing.length === 0 || signal.aborted) return oldest;
    for (const { partition, timestampMs } of await reader.read(missing))
      if (!oldest.has(partition)) oldest.set(partition, timestampMs);
  }
}
