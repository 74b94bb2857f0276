import { errorCode, type Logger } from '@order-stream/runtime';
import type { ConsumerHealth } from './consumer-health.ts';
import type { ConsumerMetrics } from './metrics.ts';
import { retryDelayMs } from './retry-policy.ts';

/** Pauses one partition while anything is the cause of a fault, and reports the first of the faults. */
export function createPartitionHold(options: {
  topic: string;
  partition: number;
  /** How a held brake is lifted, for `/readyz`. */
  brakeRemedy: string;
  health: Pick<ConsumerHealth, 'paused' | 'pausedPartitions'>;
  metrics: Pick<ConsumerMetrics, 'processed' | 'paused'>;
  logger: Logger;
  /** Fetches of the partition: none, or again. */
  pause(): void;
  resume(): void;
  /** Whether nothing more may be taken. */
  isDraining(): boolean;
  /** Something happened that a waiting part may look at. */
  changed(): void;
}) {
  const { topic, partition, health, metrics, logger } = options;
  const causes = new Map<object, Error>();
  let failures = 0;
  let isOver = false;

  function hold(cause: object, fault: Error | undefined): void {
    if (isOver) return;
    const wasHeld = causes.size > 0;
    if (fault === undefined) causes.delete(cause);
    else {
      causes.set(cause, fault);
      metrics.processed(topic, 0, errorCode(fault));
      const reason = reasonOf(fault);
      logger.warn({ topic, partition, reason }, 'partition paused, trying again later');
    }
    const [first] = causes.values();
    if (wasHeld && first === undefined && !options.isDraining()) options.resume();
    if (!wasHeld && first !== undefined) options.pause();
    if (!wasHeld && first === undefined) return;
    health.paused(topic, partition, first && reasonOf(first));
    metrics.paused(health.pausedPartitions());
    options.changed();
  }

  function reasonOf(fault: Error): string {
    return isBrake(fault) ? `${fault.message}. ${options.brakeRemedy}` : fault.message;
  }

  return {
    /** The cause has a fault, or no longer. */
    hold,
    /** Holds the partition for a growing delay. */
    holdForRetry(fault: Error): void {
      const cause = {};
      failures += 1;
      hold(cause, fault);
      setTimeout(() => hold(cause, undefined), retryDelayMs(failures)).unref();
    },
    isHeld: () => causes.size > 0,
    isBraked: () => [...causes.values()].some(isBrake),
    /** Records were stored: the delays begin short again. */
    recovered(): void {
      failures = 0;
    },
    /** Reports the fault again. Progress ends a pause of the last session, not one of this session. */
    report(): void {
      const [held] = causes.values();
      if (held !== undefined) health.paused(topic, partition, reasonOf(held));
    },
    /** The partition begins again: the causes belong to what was closed. */
    forget: () => causes.clear(),
    /** Another member may own the partition: nothing is reported. */
    end(): void {
      isOver = true;
    },
  };
}

function isBrake(fault: Error): boolean {
  return errorCode(fault) === 'dead-letter-brake';
}
