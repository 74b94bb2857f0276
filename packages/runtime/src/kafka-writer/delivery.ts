import {
  BrokerUnavailableError,
  finalError,
  type KafkaError,
  partitionFailure,
  protocolErrorType,
  rootCause,
  SendOutcomeUnknownError,
  sendFailure,
} from '../kafka-errors.ts';
import type { Logger } from '../logger.ts';
import type { Batch, ProduceRequest } from './batch.ts';
import { LeaderMovedError, type ProducedPartition } from './idempotent-producer.ts';
import type { ProducerIds, ProducerInUse } from './producer-ids.ts';
import type { Refusals } from './refusals.ts';

const firstRetryMs = 50;
const lastRetryMs = 1_000;
const longestAnswerMs = 500;

/**
 * Sends produce requests until each batch is answered, by the request's deadline.
 *
 * Invariant: a batch in doubt is sent again unchanged by the same producer, and Kafka recognises its sequence number; or
 * that producer id is given up before anything else goes to the partition. kafkajs takes its sequence number back on an
 * error, so a later batch of the same size would otherwise be acknowledged as a duplicate and never written.
 */
export function createDelivery(options: {
  producers: ProducerIds;
  leaderOf(topic: string, partition: number): number;
  /** Produce requests that have left so far: a batch that did not leave was not written. */
  producesSent(): number;
  refusals: Pick<Refusals, 'written' | 'failed'>;
  logger: Logger;
}): (request: ProduceRequest) => void {
  const { producers, leaderOf, producesSent, refusals, logger } = options;

  function deliver(request: ProduceRequest, producer: ProducerInUse): Promise<void> {
    return producers.use(producer, () => attemptUntilAnswered(request, producer));
  }

  async function attemptUntilAnswered(
    request: ProduceRequest,
    producer: ProducerInUse,
  ): Promise<void> {
    const { topic, batches, deadline } = request;
    const inDoubt = () => batches.some(({ isInDoubt }) => isInDoubt);
    for (let retryMs = firstRetryMs; ; retryMs = Math.min(retryMs * 2, lastRetryMs)) {
      if (producer.retired && !inDoubt()) return deliver(request, producers.current());

      const { produced, error, requestLeft } = await attempt(request, producer);
      request.attempted();
      if (produced !== undefined) {
        refusals.written(topic);
        return acknowledge(batches, produced, producer);
      }
      refusals.failed(topic, error);
      if (error instanceof LeaderMovedError) {
        const led = byLeader(request);
        if (led.some(({ leader }) => leader !== request.leader)) return deliverAll(led, producer);
      }

      const failure = sendFailure(error, requestLeft);
      if (requestLeft && batches.length > 1 && protocolErrorType(error) !== undefined) {
        // One partition's error fails the whole request. kafkajs takes back the sequence numbers of those written too, so
        // they are sent again, and the broker finds them.
        for (const batch of batches)
          batch.isInDoubt ||= partitionFailure(error, batch.partition) === 'in-doubt';
        return deliverAll(byPartition(request), producer);
      }
      if (failure === 'in-doubt') for (const batch of batches) batch.isInDoubt = true;

      if (failure === 'new-producer')
        producers.retire(producer, protocolErrorType(error) ?? failure);
      const isFinal = failure === 'refused' || (failure === 'new-producer' && inDoubt());
      const waitMs = waitBeforeRetry(retryMs, deadline - performance.now(), inDoubt());
      if (isFinal || waitMs === undefined) {
        for (const batch of batches)
          fail(batch, finalError(batch.isInDoubt, failure, error), producer);
        return;
      }
      logger.warn({ topic, reason: rootCause(error).message }, 'send failed, trying again');
      await new Promise((resolve) => setTimeout(resolve, waitMs));
    }
  }

  /** One attempt. Its request did not leave while it waited for a connection, metadata or its turn. */
  async function attempt(
    { topic, leader, batches, deadline }: ProduceRequest,
    producer: ProducerInUse,
  ): Promise<Attempt> {
    let producesBefore = 0;
    let isLeaving = false;
    let isAbandoned = false;
    const leaving = () => {
      if (isAbandoned) throw new DeadlinePassedError();
      isLeaving = true;
      // Not counted before, because other requests leave while this one waits.
      producesBefore = producesSent();
    };
    const steps = async () => {
      await producer.connect();
      return producer.produce(topic, leader, batches, leaving);
    };
    try {
      return { produced: await within(deadline, steps()), requestLeft: true };
    } catch (error) {
      isAbandoned = true;
      const isOutstanding = error instanceof DeadlinePassedError;
      return {
        error: isOutstanding && !isLeaving ? new BrokerUnavailableError('not connected') : error,
        requestLeft: isLeaving && (isOutstanding || producesSent() !== producesBefore),
      };
    }
  }

  async function deliverAll(
    requests: readonly ProduceRequest[],
    producer: ProducerInUse,
  ): Promise<void> {
    await Promise.all(requests.map((request) => deliver(request, producer)));
  }

  function byLeader(request: ProduceRequest): ProduceRequest[] {
    const led = Map.groupBy(request.batches, ({ partition }) => leaderOf(request.topic, partition));
    return [...led].map(([leader, batches]) => ({ ...request, leader, batches }));
  }

  function acknowledge(
    batches: readonly Batch[],
    produced: readonly ProducedPartition[],
    producer: ProducerInUse,
  ): void {
    const offsets = new Map(produced.map((one) => [one.partition, one.baseOffset]));
    for (const batch of batches) {
      const offset = offsets.get(batch.partition);
      if (offset !== undefined) batch.written(BigInt(offset));
      else fail(batch, new SendOutcomeUnknownError('the answer lacks the partition'), producer);
    }
  }

  function fail(batch: Batch, error: KafkaError, producer: ProducerInUse): void {
    if (error instanceof SendOutcomeUnknownError) producers.retire(producer, 'outcome unknown');
    batch.failed(error);
  }

  return (request) => void deliver(request, producers.current());
}

/**
 * How long to wait before the next attempt, in ms; undefined when there is no time for another one. A batch in doubt gets
 * further attempts until just before its deadline, because only an answer ends the doubt. Any other batch would be in doubt
 * if its deadline passed during an attempt: each attempt keeps as long for its answer as the wait before it, up to half a
 * second.
 */
function waitBeforeRetry(retryMs: number, leftMs: number, isInDoubt: boolean): number | undefined {
  if (isInDoubt) {
    if (leftMs > retryMs) return retryMs;
    return leftMs > firstRetryMs ? leftMs / 2 : undefined;
  }
  const waitMs = Math.min(retryMs, leftMs - Math.min(retryMs, longestAnswerMs));
  return waitMs >= retryMs / 2 ? waitMs : undefined;
}

interface Attempt {
  produced?: readonly ProducedPartition[];
  error?: unknown;
  requestLeft: boolean;
}

/** The deadline passed; the work is still outstanding and may still be done. */
class DeadlinePassedError extends Error {
  constructor() {
    super('no answer before the deadline');
  }
}

/** Waits for `work` until `deadline` (by `performance.now()`). @throws DeadlinePassedError */
async function within<Value>(deadline: number, work: Promise<Value>): Promise<Value> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new DeadlinePassedError()),
    Math.max(0, Math.ceil(deadline - performance.now())),
  );
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}

function byPartition(request: ProduceRequest): ProduceRequest[] {
  return request.batches.map((batch) => ({ ...request, batches: [batch] }));
}
