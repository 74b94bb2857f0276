import {
  BrokerUnavailableError,
  KafkaError,
  type KafkaSender,
  type OutgoingRecord,
} from '@order-stream/runtime';
import type { ProducerMetrics } from './metrics.ts';

/** Nothing was taken: the service already holds as much as it may. */
export class OverloadedError extends Error {
  readonly code = 'overloaded';
  readonly retryable = true;

  constructor() {
    super('as many orders are in flight as may be');
    this.name = 'OverloadedError';
  }
}

export interface RecordBatcher {
  /**
   * Calls one of the two, once: `written` with the record's offset, or `failed` with OverloadedError (before it
   * returns) or what the sender says. Callbacks, because a promise for each order costs a sixth of its whole CPU.
   */
  append(
    partition: number,
    record: OutgoingRecord,
    written: (offset: bigint) => void,
    failed: (error: Error) => void,
  ): void;
  inFlight(): { records: number; bytes: number };
}

interface Waiting {
  record: OutgoingRecord;
  bytes: number;
  deadline: number;
  written: (offset: bigint) => void;
  failed: (error: Error) => void;
}

/** Below the broker's default `message.max.bytes` of 1 MiB, frame and headers included. */
const maxBatchBytes = 900_000;
/** Orders that go together share the deadline of the oldest: it may take this much from the youngest. */
const maxAgeSpreadMs = 1_000;
const recordOverheadBytes = 40;
const headerOverheadBytes = 10;

function sizeOf({ key, value, headers }: OutgoingRecord): number {
  let bytes = recordOverheadBytes + (key?.length ?? 0) + (value?.length ?? 0);
  for (const name in headers) {
    const value = headers[name] ?? '';
    bytes += headerOverheadBytes + name.length;
    bytes += typeof value === 'string' ? Buffer.byteLength(value) : value.length;
  }
  return bytes;
}

/**
 * Natural batching: what arrives while a leader's request is in flight goes into its next one. No linger, so an
 * idle service answers at once; a busy one sends few, full requests.
 */
export function createRecordBatcher(options: {
  sender: Pick<KafkaSender, 'send' | 'leaderOf'>;
  topic: string;
  maxInFlight: number;
  maxInFlightBytes: number;
  requestTimeoutMs: number;
  metrics: Pick<ProducerMetrics, 'batchEnded'>;
}): RecordBatcher {
  const { sender, topic, metrics, requestTimeoutMs } = options;
  const queues = new Map<number, Waiting[]>();
  const busyPartitions = new Set<number>();
  const busyLeaders = new Set<number>();
  let records = 0;
  let bytes = 0;
  let flushScheduled = false;

  function append(
    partition: number,
    record: OutgoingRecord,
    written: Waiting['written'],
    failed: Waiting['failed'],
  ): void {
    const size = sizeOf(record);
    if (records >= options.maxInFlight || bytes + size > options.maxInFlightBytes) {
      failed(new OverloadedError());
      return;
    }
    records += 1;
    bytes += size;
    const queue = queues.get(partition);
    const deadline = Date.now() + requestTimeoutMs;
    const waiting = { record, bytes: size, deadline, written, failed };
    if (queue) queue.push(waiting);
    else queues.set(partition, [waiting]);
    scheduleFlush();
  }

  /** After the sockets of this turn were read, so that what arrived together goes together. */
  function scheduleFlush(): void {
    if (flushScheduled) return;
    flushScheduled = true;
    setImmediate(() => {
      flushScheduled = false;
      flush();
    });
  }

  function flush(): void {
    const byLeader = new Map<number, number[]>();
    for (const [partition, queue] of queues) {
      dropLate(queue);
      const leader = sender.leaderOf(topic, partition);
      if (queue.length === 0 || busyPartitions.has(partition) || busyLeaders.has(leader)) continue;
      const partitions = byLeader.get(leader);
      if (partitions) partitions.push(partition);
      else byLeader.set(leader, [partition]);
    }
    for (const [leader, partitions] of byLeader) sendTo(leader, partitions);
  }

  function sendTo(leader: number, partitions: readonly number[]): void {
    const taken = partitions.map((partition) => take(queues.get(partition) as Waiting[]));
    const deadline = Math.min(...taken.map(([oldest]) => (oldest as Waiting).deadline));
    const batches = partitions.map((partition, index) => ({
      partition,
      records: (taken[index] as Waiting[]).map(({ record }) => record),
    }));
    busyLeaders.add(leader);
    for (const partition of partitions) busyPartitions.add(partition);
    const startedAt = performance.now();
    sender.send(topic, batches, deadline).forEach((answer, index) => {
      const partition = partitions[index] as number;
      const batch = taken[index] as Waiting[];
      const end = (error?: unknown) => {
        const seconds = (performance.now() - startedAt) / 1_000;
        const code = error instanceof KafkaError ? error.code : undefined;
        metrics.batchEnded(topic, batch.length, seconds, code);
        busyPartitions.delete(partition);
        // One partition that is stuck holds up itself, not its leader's others.
        busyLeaders.delete(leader);
        scheduleFlush();
      };
      answer.then(
        (baseOffset) => {
          end();
          for (let i = 0; i < batch.length; i += 1)
            settle(batch[i] as Waiting, ({ written }) => written(baseOffset + BigInt(i)));
        },
        (error) => {
          end(error);
          for (const waiting of batch) settle(waiting, ({ failed }) => failed(error));
        },
      );
    });
  }

  /** What goes next: in order, within the batch size, and of about one age. */
  function take(queue: Waiting[]): Waiting[] {
    const youngest = (queue[0] as Waiting).deadline + maxAgeSpreadMs;
    let size = 0;
    let count = 0;
    for (const waiting of queue) {
      size += waiting.bytes;
      if (count > 0 && (size > maxBatchBytes || waiting.deadline > youngest)) break;
      count += 1;
    }
    return queue.splice(0, count);
  }

  function dropLate(queue: Waiting[]): void {
    const now = Date.now();
    while (queue[0] !== undefined && queue[0].deadline <= now) {
      const late = queue.shift() as Waiting;
      const error = new BrokerUnavailableError('not sent before the deadline');
      settle(late, ({ failed }) => failed(error));
    }
  }

  function settle(waiting: Waiting, answer: (waiting: Waiting) => void): void {
    records -= 1;
    bytes -= waiting.bytes;
    try {
      answer(waiting);
    } catch (error) {
      // A defect of the caller: told to the process, once its neighbours have their answers.
      setImmediate(() => {
        throw error;
      });
    }
  }

  return { append, inFlight: () => ({ records, bytes }) };
}
