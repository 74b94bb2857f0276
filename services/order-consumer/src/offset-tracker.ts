export interface NextOffset {
  topic: string;
  partition: number;
  offset: string;
}

export type OffsetTracker = ReturnType<typeof createOffsetTracker>;

type SendOffsets = (offsets: readonly NextOffset[]) => Promise<void>;

interface Position {
  topic: string;
  partition: number;
  acknowledged: bigint;
  committed: bigint;
}

/**
 * Keeps the next offset of each assigned partition. A committed offset is the next to read, not the last one read.
 *
 * Invariant: a committed offset never exceeds the acknowledged one and never decreases.
 */
export function createOffsetTracker() {
  let positions = new Map<string, Position>();
  let inFlight: Promise<void> | undefined;

  async function send(request: SendOffsets): Promise<void> {
    const sent: { position: Position; offset: bigint }[] = [];
    for (const position of positions.values())
      if (position.acknowledged > position.committed)
        sent.push({ position, offset: position.acknowledged });
    if (sent.length === 0) return;
    await request(
      sent.map(({ position: { topic, partition }, offset }) => ({
        topic,
        partition,
        offset: String(offset),
      })),
    );
    for (const { position, offset } of sent) position.committed = offset;
  }

  return {
    /**
     * Reports that every record of the partition below `nextOffset` is durable in the sink or on the dead-letter topic.
     * Offsets below an earlier acknowledgement are ignored.
     */
    acknowledge(topic: string, partition: number, nextOffset: bigint): void {
      const key = `${topic}/${partition}`;
      const position = positions.get(key);
      if (!position)
        positions.set(key, { topic, partition, acknowledged: nextOffset, committed: -1n });
      else if (nextOffset > position.acknowledged) position.acknowledged = nextOffset;
    },
    /** The next offset to read; undefined when nothing was acknowledged since the assignment. */
    nextOffset: (topic: string, partition: number) =>
      positions.get(`${topic}/${partition}`)?.acknowledged,
    /**
     * Resolves when everything acknowledged before the call is committed. Acknowledgements that arrive while a request is
     * in flight are combined into the next request. After a failed commit, the next call commits its offsets as well.
     */
    async commit(request: SendOffsets): Promise<void> {
      // The request in flight may lack the latest acknowledgement. Its failure is reported to its own caller.
      while (inFlight) await inFlight.catch(() => undefined);
      inFlight = send(request).finally(() => {
        inFlight = undefined;
      });
      await inFlight;
    },
    /** Call after a rebalance: the new owners read uncommitted records again. */
    forget(): void {
      positions = new Map();
    },
  };
}
