export type Assignment = Readonly<Record<string, readonly number[]>>;

interface PartitionHealth {
  topic: string;
  partition: number;
  /** Last sign of progress or of having nothing to do, epoch ms. */
  progressAt: number;
  /** Timestamp of the last acknowledged record. */
  lastTimestamp: number | undefined;
  /** When it was last seen without lag. */
  caughtUpAt: number | undefined;
  lag: number;
  /** Why it waits before another attempt. */
  pausedBy: string | undefined;
}

export type ConsumerHealth = ReturnType<typeof createConsumerHealth>;

/** A fault of something the consumer needs; `undefined` means well. */
export type Need = 'broker' | 'topics' | 'registry';

/**
 * What readiness and liveness answer, from what the consumer's parts report. Readiness names what is missing; liveness is red
 * only where a restart could help: records wait, nothing is known to be down, and nothing moves.
 */
export function createConsumerHealth(options: {
  now?: () => number;
  stopping: () => boolean;
  sinkBusySince: () => number | undefined;
  stallMs?: number;
  slowSinkMs?: number;
}) {
  const {
    now = Date.now,
    stopping,
    sinkBusySince,
    stallMs = 60_000,
    slowSinkMs = 10_000,
  } = options;
  const faults = new Map<Need, string>();
  let partitions: Map<string, PartitionHealth> | undefined;
  /** Lag as last heard says nothing once the broker cannot be asked. */
  let lagKnown = false;

  const find = (topic: string, partition: number) => partitions?.get(`${topic}/${partition}`);

  function sinkWaitsMs(): number {
    const since = sinkBusySince();
    return since === undefined ? 0 : now() - since;
  }

  return {
    need(need: Need, fault: string | undefined) {
      if (fault === undefined) faults.delete(need);
      else faults.set(need, fault);
      if (need === 'broker' && fault !== undefined) lagKnown = false;
    },
    joined(assignment: Assignment) {
      const before = partitions;
      partitions = new Map();
      for (const [topic, numbers] of Object.entries(assignment))
        for (const partition of numbers) {
          const key = `${topic}/${partition}`;
          partitions.set(key, {
            topic,
            partition,
            progressAt: now(),
            lastTimestamp: undefined,
            caughtUpAt: undefined,
            lag: 0,
            pausedBy: before?.get(key)?.pausedBy,
          });
        }
      lagKnown = false;
    },
    /** Between two assignments: nothing can progress. */
    left() {
      partitions = undefined;
    },
    assigned: (): readonly { topic: string; partition: number }[] => [
      ...(partitions?.values() ?? []),
    ],
    progressed(topic: string, partition: number, recordTimestampMs: number) {
      const found = find(topic, partition);
      if (!found) return;
      found.progressAt = now();
      found.lastTimestamp = recordTimestampMs;
      found.pausedBy = undefined;
    },
    paused(topic: string, partition: number, reason: string) {
      const found = find(topic, partition);
      if (found) found.pausedBy = reason;
    },
    pausedPartitions: () =>
      [...(partitions?.values() ?? [])].filter(({ pausedBy }) => pausedBy !== undefined).length,
    /** @returns about how many seconds the oldest waiting record is old */
    observedLag(topic: string, partition: number, lag: number): number {
      const found = find(topic, partition);
      if (!found) return 0;
      lagKnown = true;
      // Records that came after it had caught up waited since then at most, however old the last one before was.
      const waitsSince = Math.max(found.lastTimestamp ?? found.progressAt, found.caughtUpAt ?? 0);
      if (lag === 0) found.caughtUpAt = now();
      if (lag === 0 || found.lag === 0) found.progressAt = Math.max(found.progressAt, now());
      found.lag = lag;
      return lag === 0 ? 0 : Math.max(0, (now() - waitsSince) / 1000);
    },
    readiness(): string[] {
      if (stopping()) return ['draining'];
      const all = [...faults.values()];
      if (!partitions && all.length === 0) all.push('has not joined the group');
      for (const { topic, partition, pausedBy } of partitions?.values() ?? [])
        if (pausedBy !== undefined) all.push(`${topic}/${partition} waits: ${pausedBy}`);
      if (sinkWaitsMs() > slowSinkMs)
        all.push(`the sink has taken nothing for ${Math.round(sinkWaitsMs() / 1000)} s`);
      return all;
    },
    liveness(): string[] {
      if (stopping() || !lagKnown || sinkWaitsMs() > slowSinkMs) return [];
      const stalled: string[] = [];
      for (const { topic, partition, lag, progressAt, pausedBy } of partitions?.values() ?? []) {
        const still = now() - progressAt;
        if (lag > 0 && pausedBy === undefined && still > stallMs)
          stalled.push(
            `${topic}/${partition} has made no progress for ${Math.round(still / 1000)} s`,
          );
      }
      return stalled;
    },
  };
}
