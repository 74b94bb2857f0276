/** What the brokers say of a partition. */
export interface PartitionOffsets {
  topic: string;
  partition: number;
  /** Offset of the first record that the log still has. */
  start: bigint;
  /** The last stable offset: a reader of committed transactions gets the records before it. */
  stable: bigint;
  /** The high watermark: the end of what is written. Asked before `stable`, which may therefore be ahead of it. */
  end: bigint;
  /** The group's next offset. Undefined if it has committed none, or one of a topic that was deleted since. */
  committed: bigint | undefined;
}

export interface PartitionLag {
  topic: string;
  partition: number;
  records: number;
  seconds: number;
  openTransactionRecords: number;
  openTransactionSeconds: number;
}

/** Without a usable commit, the group begins at the first record of the log. */
export function nextOffset({ start, end, committed }: PartitionOffsets): bigint {
  return committed === undefined || committed < start || committed > end ? start : committed;
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
      ownSeconds: (topic: string, partition: number, lag: number) => number | undefined,
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
        const { topic, partition, stable, end } = one;
        const next = nextOffset(one);
        const lag = next < stable ? stable - next : 0n;
        const place = `${topic}/${partition}`;
        // While nothing waits, the value differs from any offset.
        const lagSince = unchanged(`${place} next`, lag === 0n ? -1n : next);
        const behind = stable < end ? end - stable : 0n;
        const openSince = unchanged(`${place} stable`, behind === 0n ? -1n : stable);
        const records = Number(lag);
        return {
          topic,
          partition,
          records,
          // Another member's progress is seen by its commits alone.
          seconds: ownSeconds(topic, partition, records) ?? (lag === 0n ? 0 : lagSince),
          openTransactionRecords: Number(behind),
          openTransactionSeconds: behind === 0n ? 0 : openSince,
        };
      });
    },
  };
}
