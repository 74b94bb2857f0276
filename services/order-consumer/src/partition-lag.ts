import { nextOffset, type PartitionOffsets, unreadRecords } from '@order-stream/runtime';

export interface PartitionLag {
  topic: string;
  partition: number;
  records: number;
  seconds: number;
  openTransactionRecords: number;
  openTransactionSeconds: number;
}

/**
 * Derives lag from the offsets of all partitions, whoever reads them. Records behind an open transaction are not a lag: no
 * reader of committed transactions can read them.
 */
export function createPartitionLags({ now = () => performance.now() } = {}) {
  let seen = new Map<string, { value: bigint; since: number }>();

  return {
    /** @param ownSeconds the age of the oldest unread record, if this member owns the partition and knows it */
    measure(
      partitions: readonly PartitionOffsets[],
      ownSeconds: (
        topic: string,
        partition: number,
        lag: number,
        stable: bigint,
      ) => number | undefined,
    ): PartitionLag[] {
      const before = seen;
      seen = new Map();
      /** Seconds since the value of the key last changed. */
      const unchanged = (key: string, value: bigint): number => {
        const last = before.get(key);
        const since = last?.value === value ? last.since : now();
        seen.set(key, { value, since });
        return (now() - since) / 1000;
      };
      return partitions.map((one) => {
        const { topic, partition, stable } = one;
        const { records: lag, openTransactionRecords: behind } = unreadRecords(one);
        const place = `${topic}/${partition}`;
        // While nothing waits, the value differs from any offset.
        const lagSince = unchanged(`${place} next`, lag === 0n ? -1n : nextOffset(one));
        const openSince = unchanged(`${place} stable`, behind === 0n ? -1n : stable);
        const records = Number(lag);
        return {
          topic,
          partition,
          records,
          // Another member's progress is seen by its commits alone.
          seconds: ownSeconds(topic, partition, records, stable) ?? (lag === 0n ? 0 : lagSince),
          openTransactionRecords: Number(behind),
          openTransactionSeconds: behind === 0n ? 0 : openSince,
        };
      });
    },
  };
}
