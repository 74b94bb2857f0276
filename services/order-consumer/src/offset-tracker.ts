export interface NextOffset {
  topic: string;
  partition: number;
  offset: string;
  metadata: string;
}

export type OffsetTracker = ReturnType<typeof createOffsetTracker>;

type SendOffsets = (offsets: readonly NextOffset[]) => Promise<void>;

/**
 * The log that a partition is read from. A partition has another one after a rebalance or a reset: its topic may have been
 * deleted and created again, and the same offset then is another record.
 */
export interface PartitionLog {
  readonly topic: string;
  readonly partition: number;
}

interface Position extends PartitionLog {
  /** Undefined until the first acknowledgement. */
  acknowledged: bigint | undefined;
  metadata: string;
  committed: bigint;
  committedMetadata: string;
}

/**
 * Keeps the next offset of each assigned partition. A committed offset is the next to read, not the last one read.
 *
 * Invariant: a committed offset never exceeds the acknowledged one of the same log, and decreases only by a reset.
 */
export function createOffsetTracker() {
  let positions = new Map<string, Position>();
  let inFlight: Promise<void> | undefined;

  async function send(request: SendOffsets): Promise<void> {
    const sent: { position: Position; offset: bigint; metadata: string }[] = [];
    for (const position of positions.values()) {
      const { acknowledged: offset, metadata, committed, committedMetadata } = position;
      if (offset !== undefined && (offset > committed || metadata !== committedMetadata))
        sent.push({ position, offset, metadata });
    }
    if (sent.length === 0) return;
    await request(
      sent.map(({ position: { topic, partition }, offset, metadata }) => ({
        topic,
        partition,
        offset: String(offset),
        metadata,
      })),
    );
    for (const { position, offset, metadata } of sent) {
      position.committed = offset;
      position.committedMetadata = metadata;
    }
  }

  function newPosition(
    topic: string,
    partition: number,
    acknowledged: bigint | undefined,
  ): Position {
    return { topic, partition, acknowledged, metadata: '', committed: -1n, committedMetadata: '' };
  }

  function positionOf(topic: string, partition: number): Position {
    const key = `${topic}/${partition}`;
    const found = positions.get(key);
    if (found) return found;
    const position = newPosition(topic, partition, undefined);
    positions.set(key, position);
    return position;
  }

  return {
    /** The log that the partition has now. Take it before the first record of a batch is processed. */
    logOf: (topic: string, partition: number): PartitionLog => positionOf(topic, partition),
    /**
     * Reports that every record of the log below `nextOffset` is durable in every sink or on the dead-letter topic. An offset
     * below an earlier acknowledgement changes nothing.
     *
     * @param metadata travels with the offset in its commit; a change is committed also when the offset stays
     * @returns false, and changes nothing, if the partition has another log since
     */
    acknowledge(log: PartitionLog, nextOffset: bigint, metadata = ''): boolean {
      const position = positions.get(`${log.topic}/${log.partition}`);
      if (position === undefined || position !== log) return false;
      if (position.acknowledged === undefined || nextOffset >= position.acknowledged) {
        position.acknowledged = nextOffset;
        position.metadata = metadata;
      }
      return true;
    },
    /** The partition has another log, or lacks what comes next: it is read from `offset`, which may be lower than before. */
    reset(topic: string, partition: number, offset: bigint): void {
      positions.set(`${topic}/${partition}`, newPosition(topic, partition, offset));
    },
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
