export type Assignment = Readonly<Record<string, readonly number[]>>;

/** Moments are by the monotonic clock, in ms. */
interface PartitionHealth {
  topic: string;
  partition: number;
  /** When the partition last progressed or had no lag. */
  progressAt: number;
  /** When the partition was assigned or its last pause ended: it could not progress before. */
  resumedAt: number;
  /** When the last acknowledged record was written. */
  lastWrittenAt: number | undefined;
  /** When the partition last had no lag. */
  caughtUpAt: number | undefined;
  lag: number;
  /** Whether some of the lag was not taken yet. The rest waits in the sinks. */
  hasUnread: boolean;
  /** Why the partition takes nothing. */
  pausedBy: string | undefined;
}

export type ConsumerHealth = ReturnType<typeof createConsumerHealth>;

/** The systems that the consumer depends on. */
export type Need = 'broker' | 'topics' | 'registry' | 'group' | 'assignment' | 'transactions';

/**
 * Computes readiness and liveness from the reports of the consumer's parts. Readiness names each fault. Liveness is red only
 * when a restart could help: a partition with waiting records makes no progress although no dependency is known to be down.
 * While a slow sink still accepts bytes, or the broker's quota delays fetches, every partition waits with good reason.
 */
export function createConsumerHealth(options: {
  /** The monotonic clock, in ms. Default `performance.now`. */
  now?: () => number;
  /** The clock of records' timestamps, in epoch ms. Default `Date.now`. */
  wallNow?: () => number;
  stopping: () => boolean;
  /** By the name of each sink, both as in SinkAttempts. */
  sinks: () => Iterable<{
    name: string;
    busySince: number | undefined;
    movedSlowlyAt: number | undefined;
  }>;
  /** How long a sink may keep a record before it stores it. */
  sinkHoldMs?: number;
  stallMs?: number;
  slowSinkMs?: number;
}) {
  const {
    now = () => performance.now(),
    wallNow = Date.now,
    stopping,
    sinks,
    sinkHoldMs = 0,
    stallMs = 60_000,
    slowSinkMs = 10_000,
  } = options;
  const faults = new Map<Need, string>();
  let partitions: Map<string, PartitionHealth> | undefined;
  /** Of the last membership. */
  let lastPartitions: ReadonlyMap<string, PartitionHealth> = new Map();
  /** The last known lag is meaningless while no broker answers. */
  let lagKnown = false;
  /** Brokers that delay this consumer's requests because its quota is used up. */
  const throttlingBrokers = new Set<string>();
  let throttledAt = Number.NEGATIVE_INFINITY;

  const find = (topic: string, partition: number) => partitions?.get(`${topic}/${partition}`);

  /** The sinks that have accepted nothing for so long that everything waits for them. */
  function slowSinks(): { name: string; waitsMs: number }[] {
    return [...sinks()]
      .map(({ name, busySince }) => ({ name, waitsMs: now() - (busySince ?? now()) }))
      .filter(({ waitsMs }) => waitsMs > slowSinkMs);
  }

  /** When the consumer as a whole last waited with good reason. */
  function heldBackAt(): number {
    return Math.max(
      throttledAt,
      ...[...sinks()].map(({ movedSlowlyAt }) => movedSlowlyAt ?? Number.NEGATIVE_INFINITY),
    );
  }

  return {
    need(need: Need, fault: string | undefined) {
      if (fault === undefined) faults.delete(need);
      else faults.set(need, fault);
      if (need === 'broker' && fault !== undefined) lagKnown = false;
    },
    joined(assignment: Assignment) {
      const before = partitions ?? lastPartitions;
      partitions = new Map();
      for (const [topic, numbers] of Object.entries(assignment))
        for (const partition of numbers) {
          const key = `${topic}/${partition}`;
          partitions.set(key, {
            topic,
            partition,
            progressAt: now(),
            resumedAt: now(),
            lastWrittenAt: undefined,
            caughtUpAt: undefined,
            lag: 0,
            hasUnread: true,
            // A pause lasts until records are taken again, also over a rebalance.
            pausedBy: before.get(key)?.pausedBy,
          });
        }
      lagKnown = false;
    },
    /** No partition is assigned, so none can progress. */
    left() {
      lastPartitions = partitions ?? lastPartitions;
      partitions = undefined;
      throttlingBrokers.clear();
    },
    assigned: (): readonly { topic: string; partition: number }[] => [
      ...(partitions?.values() ?? []),
    ],
    /** @param recordTimestampMs undefined for a batch without a readable record, such as one of aborted transactions */
    progressed(topic: string, partition: number, recordTimestampMs?: number) {
      const found = find(topic, partition);
      if (!found) return;
      found.progressAt = now();
      // Converted at once: the wall clock may be set before the lag is observed.
      if (recordTimestampMs !== undefined)
        found.lastWrittenAt = now() - Math.max(0, wallNow() - recordTimestampMs);
      found.pausedBy = undefined;
    },
    throttled(broker: string, isThrottled: boolean) {
      if (isThrottled) throttlingBrokers.add(broker);
      // Each closed connection reports that it no longer throttles, also one that never did.
      else if (!throttlingBrokers.delete(broker)) return;
      throttledAt = now();
    },
    throttlingBrokers: () => throttlingBrokers.size,
    /** Records were handed to the sinks. */
    took(topic: string, partition: number) {
      const found = find(topic, partition);
      if (!found) return;
      found.progressAt = now();
      found.pausedBy = undefined;
    },
    /** @param reason undefined when the partition takes records again */
    paused(topic: string, partition: number, reason: string | undefined) {
      const found = find(topic, partition);
      if (!found) return;
      if (reason === undefined && found.pausedBy !== undefined) found.resumedAt = now();
      found.pausedBy = reason;
    },
    pausedPartitions: () =>
      [...(partitions?.values() ?? [])].filter(({ pausedBy }) => pausedBy !== undefined).length,
    /** @returns approximate age in seconds of the oldest unread record */
    observedLag(topic: string, partition: number, lag: number, hasUnread = true): number {
      const found = find(topic, partition);
      if (!found) return 0;
      lagKnown = true;
      // Records that arrived after the partition had caught up have waited since then at most.
      const waitsSince = Math.max(
        found.lastWrittenAt ?? found.progressAt,
        found.caughtUpAt ?? Number.NEGATIVE_INFINITY,
      );
      if (lag === 0) {
        found.caughtUpAt = now();
        // The record that could not be delivered is gone, for example with its topic.
        found.pausedBy = undefined;
      }
      if (lag === 0 || found.lag === 0) found.progressAt = Math.max(found.progressAt, now());
      found.lag = lag;
      found.hasUnread = hasUnread;
      return lag === 0 ? 0 : Math.max(0, (now() - waitsSince) / 1000);
    },
    readiness(): string[] {
      if (stopping()) return ['draining'];
      // Two parts may report the same refusal of the group.
      const all = [...new Set(faults.values())];
      if (!partitions && all.length === 0) all.push('the consumer has not joined the group');
      for (const { topic, partition, pausedBy } of partitions?.values() ?? [])
        if (pausedBy !== undefined) all.push(`${topic}/${partition} is paused: ${pausedBy}`);
      for (const { name, waitsMs } of slowSinks())
        all.push(`the sink ${name} has accepted nothing for ${Math.round(waitsMs / 1000)} s`);
      return all;
    },
    liveness(): string[] {
      if (stopping() || !lagKnown || slowSinks().length > 0 || throttlingBrokers.size > 0)
        return [];
      const stalled: string[] = [];
      for (const {
        topic,
        partition,
        lag,
        hasUnread,
        progressAt,
        resumedAt,
        pausedBy,
      } of partitions?.values() ?? []) {
        const mostMs = hasUnread ? stallMs : stallMs + sinkHoldMs;
        const still = now() - Math.max(progressAt, resumedAt, heldBackAt());
        if (lag > 0 && pausedBy === undefined && still > mostMs)
          stalled.push(
            `${topic}/${partition} has made no progress for ${Math.round(still / 1000)} s`,
          );
      }
      return stalled;
    },
  };
}
