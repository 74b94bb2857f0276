import { createLogger } from '@order-stream/runtime';
import type { Delivery } from '../../delivery.ts';
import type { Refusal } from '../../refusal.ts';
import { createSinkAttempts } from '../../sink-attempts.ts';
import type { PartitionStart, Sink } from '../sink.ts';

/**
 * Opens a partition of a sink with the real attempts, and records what the sink reports.
 *
 * @param start replaces values of the start, by default partition 0 of `orders` from offset 0 without a mark
 */
export async function openPartition(sink: Sink, start: Partial<PartitionStart> = {}) {
  const over = new AbortController();
  const origin = {
    topic: 'orders',
    partition: 0,
    topicId: undefined,
    offset: 0n,
    mark: undefined,
    ...start,
  };
  const attempts = createSinkAttempts({
    sink: sink.name,
    failureClassOf: sink.failureClassOf,
    logger: createLogger({ name: 'test', level: 'silent' }),
  });
  const refusals: Refusal[] = [];
  const faults = new Map<object, Error>();
  const reopened: Error[] = [];
  const waiters: { isDone(): boolean; resolve(): void }[] = [];
  const watermarks: bigint[] = [];
  let durable = origin.offset;
  let mark: bigint | undefined;

  function changed(): void {
    for (const waiter of waiters) if (waiter.isDone()) waiter.resolve();
  }

  /** Resolves when the condition holds. It is asked whenever the sink reports something. */
  function when(isDone: () => boolean): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    if (isDone()) return Promise.resolve();
    waiters.push({ isDone, resolve });
    return promise;
  }

  const given: PartitionStart = {
    ...origin,
    signal: over.signal,
    durable(next, nextMark = next) {
      if (over.signal.aborted) throw new Error('a closed partition reports nothing');
      if (next < durable || (mark !== undefined && nextMark < mark))
        throw new RangeError('expected a watermark and a mark that do not decrease');
      watermarks.push(next);
      durable = next;
      mark = nextMark;
      changed();
    },
    async rejected(refusal) {
      refusals.push(refusal);
      changed();
    },
    attempt: (description, request, pause) =>
      attempts.attempt(
        {
          topic: origin.topic,
          partition: origin.partition,
          signal: over.signal,
          hold(cause, fault) {
            if (fault === undefined) faults.delete(cause);
            else faults.set(cause, fault);
            changed();
          },
        },
        description,
        request,
        pause,
      ),
    reopen(error) {
      reopened.push(error);
      changed();
    },
    ...(start.rejected && { rejected: start.rejected }),
  };
  const part = await sink.open(given);
  return {
    part,
    attempts,
    refusals,
    reopened,
    when,
    durable: () => durable,
    /** Each watermark that was reported, also one that was reported before. */
    watermarks,
    mark: () => mark,
    faults: () => [...faults.values()].map(({ message }) => message),
    /** Hands over deliveries that follow each other. Resolves when the sink has taken them. */
    take: async (deliveries: readonly Delivery[], next = afterLast(deliveries)) =>
      part.take({ deliveries, next }),
    /** Resolves when everything below `next` is stored. */
    stored: (next: bigint) => when(() => durable >= next),
    /** Only the signal of a revocation, which comes before `close`. */
    abort: () => over.abort(),
    /** As a revocation. */
    close(): void {
      over.abort();
      part.close();
    },
  };
}

function afterLast(deliveries: readonly Delivery[]): bigint {
  const last = deliveries.at(-1);
  if (last === undefined) throw new RangeError('expected `next` for a run without deliveries');
  return BigInt(last.record.offset) + 1n;
}
