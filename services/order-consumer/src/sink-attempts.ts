import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '@order-stream/runtime';
import { createCircuitBreaker } from './circuit-breaker.ts';
import { type FailureClass, mayPass } from './failure-class.ts';
import { retryDelayMs } from './retry-policy.ts';

export type SinkAttempts = ReturnType<typeof createSinkAttempts>;

/** One failure may be a lost connection, which the second attempt replaces. */
const failuresToPause = 2;
const slowMs = 1_000;

/** The partition that a request belongs to. */
export interface AttemptingPartition {
  readonly topic: string;
  readonly partition: number;
  readonly signal: AbortSignal;
  /** Holds the partition while a request keeps failing. */
  hold(request: object, fault: Error | undefined): void;
}

/** A sink cannot store a record now. Its partition waits. */
export class SinkDownError extends Error {
  readonly code = 'sink-down';
  readonly retryable = true;

  constructor(sink: string, failureClass: FailureClass, request: string, cause: Error) {
    super(`sink ${sink} (${failureClass}): ${request}: ${cause.message}`, { cause });
    this.name = 'SinkDownError';
  }
}

/**
 * Runs the requests of one sink, over all partitions: retries, circuit breaker, and when the sink last accepted something.
 *
 * @param failureClassOf what a failed request means
 */
export function createSinkAttempts(options: {
  sink: string;
  failureClassOf(error: unknown): FailureClass;
  logger: Logger;
  now?: () => number;
  /** The breaker has opened, with the failure, or is closed again: the sink answers, or nothing waits for it. */
  onBreaker?(fault: Error | undefined): void;
}) {
  const { sink, failureClassOf, logger, now = () => performance.now() } = options;
  const breaker = createCircuitBreaker();
  let breakerChanged = Promise.withResolvers<void>();
  /** Calls of `attempt` that have not ended. */
  let waiting = 0;
  let requests = 0;
  let busySince: number | undefined;
  let movedSlowlyAt: number | undefined;
  /** Why the breaker is open. */
  let lastFault: Error | undefined;

  /** Waits until the breaker lets the request begin, and holds its partition meanwhile. Returns whether it is a probe. */
  async function permission({ signal, hold }: AttemptingPartition, id: object): Promise<boolean> {
    let isHeld = false;
    for (;;) {
      signal.throwIfAborted();
      const { waitMs, isProbe } = breaker.begin(now());
      if (waitMs === 0) return isProbe;
      if (!isHeld && lastFault !== undefined) hold(id, lastFault);
      isHeld = true;
      const aborted = Promise.withResolvers<void>();
      const onAbort = () => aborted.resolve();
      signal.addEventListener('abort', onAbort, { once: true });
      const timer = setTimeout(onAbort, Math.min(waitMs, 60_000));
      await Promise.race([breakerChanged.promise, aborted.promise]);
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    }
  }

  function ended(outcome: 'answered' | 'failed' | 'unknown', isProbe: boolean): void {
    const wasOpen = breaker.isOpen();
    breaker.ended(outcome, now(), isProbe);
    if (breaker.isOpen() !== wasOpen) {
      logger.warn({ sink }, wasOpen ? 'the sink answers again' : 'the sink is down, probing it');
      options.onBreaker?.(wasOpen ? undefined : lastFault);
    }
    if (!wasOpen && !isProbe) return;
    breakerChanged.resolve();
    breakerChanged = Promise.withResolvers<void>();
  }

  /** Without this, a sink that was down when the last partition was revoked would count as down although nothing probes it. */
  function forget(): void {
    const wasOpen = breaker.isOpen();
    breaker.forget();
    if (!wasOpen) return;
    logger.info({ sink }, 'nothing waits for the sink any more, so it is no longer probed');
    options.onBreaker?.(undefined);
  }

  /** Runs a request once, and keeps account of when the sink moved. */
  async function once<Result>(
    signal: AbortSignal,
    request: (signal: AbortSignal, progressed: () => void) => Promise<Result>,
  ): Promise<Result> {
    signal.throwIfAborted();
    const begunAt = now();
    requests += 1;
    busySince ??= begunAt;
    const progressed = () => {
      busySince = now();
      if (busySince - begunAt > slowMs) movedSlowlyAt = busySince;
    };
    try {
      const result = await request(signal, progressed);
      progressed();
      return result;
    } finally {
      requests -= 1;
      if (requests === 0) busySince = undefined;
    }
  }

  return {
    /** As `PartitionStart.attempt`. */
    async attempt<Result>(
      attempting: AttemptingPartition,
      description: string,
      request: (signal: AbortSignal, progressed: () => void) => Promise<Result>,
      pause: (delayed: Promise<void>) => Promise<void> = (delayed) => delayed,
    ): Promise<Result> {
      const { topic, partition, signal, hold } = attempting;
      const id = {};
      waiting += 1;
      try {
        for (let failures = 1; ; failures += 1) {
          const isProbe = await permission(attempting, id);
          let failure: unknown;
          try {
            const result = await once(signal, request);
            ended('answered', isProbe);
            return result;
          } catch (error) {
            failure = error;
          }
          const failureClass = failureClassOf(failure);
          const isRevoked = signal.aborted;
          // A throttled request was answered: the sink is up, and other keys may be stored.
          const isDown = mayPass(failureClass) && failureClass !== 'throttled';
          const fault = new SinkDownError(sink, failureClass, description, failure as Error);
          if (isDown) lastFault = fault;
          ended(isRevoked ? 'unknown' : isDown ? 'failed' : 'answered', isProbe);
          signal.throwIfAborted();
          if (!mayPass(failureClass)) throw failure;
          const { message } = failure as Error;
          if (failures >= failuresToPause) hold(id, fault);
          const delayMs = retryDelayMs(failures);
          logger.debug(
            {
              topic,
              partition,
              sink,
              failureClass,
              request: description,
              reason: message,
              failures,
              delayMs,
            },
            'a request to the sink failed, trying again later',
          );
          await pause(delay(delayMs, undefined, { signal })).catch(() => signal.throwIfAborted());
        }
      } finally {
        hold(id, undefined);
        waiting -= 1;
        if (waiting === 0) forget();
      }
    },
    isOpen: () => breaker.isOpen(),
    /** Since when a request waits and the sink has accepted nothing, by `now`; undefined when idle. */
    busySince: () => busySince,
    /** When the sink last accepted something that it had kept waiting for more than a second, by `now`. */
    movedSlowlyAt: () => movedSlowlyAt,
  };
}
