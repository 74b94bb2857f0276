import type { EachBatchPayload } from 'kafkajs';
import type { AssignedPartitions } from './assigned-partitions.ts';

/**
 * Passes each fetched batch of kafkajs to its partition, and keeps the membership alive meanwhile: a partition may wait longer
 * for its sinks than a session lasts.
 */
export function createBatchHandler(options: {
  partitions: Pick<AssignedPartitions, 'takeBatch'>;
  heartbeatMs: number;
}) {
  const { partitions, heartbeatMs } = options;
  const inFlight = new Set<AbortController>();

  /** kafkajs calls this with each fetched batch. An error thrown from it makes kafkajs recover, or join the group again. */
  async function eachBatch(payload: EachBatchPayload): Promise<void> {
    const { batch, resolveOffset, heartbeat } = payload;
    const { topic, partition, messages: records, fetchedOffset } = batch;
    const abandoned = new AbortController();
    inFlight.add(abandoned);
    const membershipLost = Promise.withResolvers<never>();
    membershipLost.promise.catch(() => undefined);
    const beating = setInterval(() => {
      heartbeat().catch((error) => {
        abandoned.abort(error);
        membershipLost.reject(error);
      });
    }, heartbeatMs);
    try {
      const fetched = {
        topic,
        partition,
        records,
        fetchedOffset: BigInt(fetchedOffset),
        lastOffset: BigInt(batch.lastOffset()),
      };
      const taking = partitions.takeBatch(fetched, abandoned.signal, (offset) => {
        if (!abandoned.signal.aborted) resolveOffset(String(offset));
      });
      await Promise.race([taking, membershipLost.promise]);
    } finally {
      clearInterval(beating);
      inFlight.delete(abandoned);
    }
  }

  return {
    eachBatch,
    /** The session ends, or the partitions go to other members: batches in flight take nothing more. */
    abandon(): void {
      for (const one of inFlight) one.abort();
    },
    /** Number of batches in progress. */
    inFlight: () => inFlight.size,
  };
}
