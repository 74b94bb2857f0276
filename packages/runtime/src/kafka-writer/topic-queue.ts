import { BrokerUnavailableError, type KafkaError, SendRefusedError } from '../kafka-errors.ts';
import type { Batch, PendingRecord, ProduceRequest } from './batch.ts';
import { createBatchLimit } from './batch-limit.ts';
import type { InFlight } from './in-flight.ts';

/** Records written together share the deadline of the oldest, so the youngest may lose this much of its own. */
const maxAgeSpreadMs = 1_000;

export type TopicQueue = ReturnType<typeof createTopicQueue>;

export type BatchEnded = (
  topic: string,
  records: number,
  seconds: number,
  error?: KafkaError,
) => void;

interface PartitionQueue {
  partition: number;
  pending: PendingRecord[];
  isInFlight: boolean;
}

/**
 * The waiting records of one topic. Natural batching: records that arrive while a leader's request is in flight go into
 * its next request. No linger, so an idle service answers at once; a busy one sends few, full requests.
 *
 * Invariant: at most one batch is in flight per partition.
 */
export function createTopicQueue(options: {
  topic: string;
  leaderOf(topic: string, partition: number): number;
  deliver(request: ProduceRequest): void;
  /** Asks for a `flush` once the current work is done. */
  scheduleFlush(): void;
  inFlight: Pick<InFlight, 'answer'>;
  batchEnded: BatchEnded;
}) {
  const { topic, leaderOf, deliver, scheduleFlush, inFlight, batchEnded } = options;
  const queues = new Map<number, PartitionQueue>();
  const busyLeaders = new Set<number>();
  const limit = createBatchLimit();

  function newQueue(partition: number): PartitionQueue {
    const queue = { partition, pending: [], isInFlight: false };
    queues.set(partition, queue);
    return queue;
  }

  /** Sends what can be sent now, and fails what waited until its deadline. */
  function flush(): void {
    const nowMs = performance.now();
    const ready = new Map<number, PartitionQueue[]>();
    for (const queue of queues.values()) {
      failExpired(queue.pending, nowMs);
      if (queue.isInFlight || queue.pending.length === 0) continue;
      const leader = leaderOf(topic, queue.partition);
      if (busyLeaders.has(leader)) continue;
      const led = ready.get(leader);
      if (led) led.push(queue);
      else ready.set(leader, [queue]);
    }
    for (const [leader, led] of ready) send(leader, led);
  }

  function failExpired(pending: PendingRecord[], nowMs: number): void {
    while (pending[0] !== undefined && pending[0].deadline <= nowMs)
      inFlight.answer(
        pending.shift() as PendingRecord,
        new BrokerUnavailableError('not sent before the deadline'),
      );
  }

  function send(leader: number, led: readonly PartitionQueue[]): void {
    busyLeaders.add(leader);
    const batches = led.map(takeBatch);
    deliver({
      topic,
      leader,
      batches,
      deadline: Math.min(...batches.map(({ records }) => (records[0] as PendingRecord).deadline)),
      attempted() {
        // A partition that has to be tried again holds up itself, not the leader's others.
        busyLeaders.delete(leader);
        scheduleFlush();
      },
    });
  }

  function takeBatch(queue: PartitionQueue): Batch {
    const records = takeRecords(queue.pending, limit.bytes(performance.now()));
    const startedAt = performance.now();
    queue.isInFlight = true;
    const end = () => {
      queue.isInFlight = false;
      scheduleFlush();
    };
    const seconds = () => (performance.now() - startedAt) / 1_000;
    return {
      partition: queue.partition,
      records,
      isInDoubt: false,
      written(baseOffset) {
        end();
        batchEnded(topic, records.length, seconds());
        for (let i = 0; i < records.length; i += 1)
          inFlight.answer(records[i] as PendingRecord, baseOffset + BigInt(i));
      },
      failed(error) {
        end();
        if (records.length > 1 && error instanceof SendRefusedError && error.isTooLarge) {
          // Together they exceed the topic's limit; in smaller batches they may not.
          limit.refused(bytesOf(records), performance.now());
          queue.pending = [...records, ...queue.pending];
          return;
        }
        batchEnded(topic, records.length, seconds(), error);
        for (const pending of records) inFlight.answer(pending, error);
      },
    };
  }

  return {
    append(partition: number, pending: PendingRecord): void {
      (queues.get(partition) ?? newQueue(partition)).pending.push(pending);
    },
    flush,
  };
}

/** The next records in order that fit into one batch and have about one age; at least one. */
function takeRecords(pending: PendingRecord[], maxBytes: number): PendingRecord[] {
  const latest = (pending[0] as PendingRecord).deadline + maxAgeSpreadMs;
  let size = 0;
  let count = 0;
  for (const { bytes, deadline } of pending) {
    size += bytes;
    if (count > 0 && (size > maxBytes || deadline > latest)) break;
    count += 1;
  }
  return pending.splice(0, count);
}

function bytesOf(records: readonly PendingRecord[]): number {
  return records.reduce((sum, { bytes }) => sum + bytes, 0);
}
