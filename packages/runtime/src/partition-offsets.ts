/** What the brokers say of the log of a partition. */
export interface PartitionBounds {
  topic: string;
  partition: number;
  /** Offset of the first record that the log still has. */
  start: bigint;
  /** The last stable offset: a reader of committed transactions gets the records before it. */
  stable: bigint;
  /** The high watermark: the end of what is written. Asked before `stable`, which may therefore be ahead of it. */
  end: bigint;
}

/** The log of a partition, and where a group is in it. */
export interface PartitionOffsets extends PartitionBounds {
  /** The group's next offset. Undefined if it has committed none, or one of a topic that was deleted since. */
  committed: bigint | undefined;
}

/** The next offset that the group reads. Without a usable commit, the service begins at the first record of the log. */
export function nextOffset({
  start,
  end,
  committed,
}: Pick<PartitionOffsets, 'start' | 'end' | 'committed'>): bigint {
  return committed === undefined || committed < start || committed > end ? start : committed;
}

/** How many records the group has not read. Those behind an open transaction are counted apart: nobody can read them. */
export function unreadRecords(offsets: PartitionOffsets): {
  records: bigint;
  openTransactionRecords: bigint;
} {
  const { stable, end } = offsets;
  const next = nextOffset(offsets);
  return {
    records: next < stable ? stable - next : 0n,
    openTransactionRecords: stable < end ? end - stable : 0n,
  };
}
