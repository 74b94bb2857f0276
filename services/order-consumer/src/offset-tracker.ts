export interface NextOffset {
  topic: string;
  partition: number;
  offset: string;
}

export interface OffsetTracker {
  /**
   * Every record of the partition below `nextOffset` is durable in the sink or acknowledged on the dead-letter topic.
   * An offset below one acknowledged before is ignored.
   */
  acknowledge(topic: string, partition: number, nextOffset: bigint): void;
  /** The next offset to read, as acknowledged; undefined when nothing was since the assignment. */
  nextOffset(topic: string, partition: number): bigint | undefined;
  /**
   * Resolves when everything acknowledged before the call is committed. What is acknowledged while one request is in
   * flight goes together into the next. A failed commit stays to be made.
   */
  commit(send: (offsets: readonly NextOffset[]) => Promise<void>): Promise<void>;
  /** The partitions were handed out anew: what is not committed will be read again by whoever has them. */
  forget(): void;
}

interface Position {
  topic: string;
  partition: number;
  acknowledged: bigint;
  committed: bigint;
}

/**
 * The next offset of each assigned partition. Committed offsets are the next to read, not the last read.
 *
 * Invariant: no committed offset passes the acknowledged one, and none goes back.
 */
export function createOffsetTracker(): OffsetTracker {
  let positions = new Map<string, Position>();
  let inFlight: Promise<void> | undefined;

  async function send(request: (offsets: readonly NextOffset[]) => Promise<void>): Promise<void> {
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
    acknowledge(topic, partition, nextOffset) {
      const key = `${topic}/${partition}`;
      const position = positions.get(key);
      if (!position)
        positions.set(key, { topic, partition, acknowledged: nextOffset, committed: -1n });
      else if (nextOffset > position.acknowledged) position.acknowledged = nextOffset;
    },
    nextOffset: (topic, partition) => positions.get(`${topic}/${partition}`)?.acknowledged,
    async commit(request) {
      // The one in flight may have begun before the last acknowledgement; its failure is its caller's.
      while (inFlight) await inFlight.catch(() => undefined);
      inFlight = send(request).finally(() => {
        inFlight = undefined;
      });
      await inFlight;
    },
    forget() {
      positions = new Map();
    },
  };
}
