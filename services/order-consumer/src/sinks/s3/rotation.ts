import type { FlushTrigger } from '../sink.ts';

export interface RotationLimits {
  readonly records: number;
  readonly bytes: number;
  /** The longest time that a file is open. */
  readonly flushMs: number;
  /** For an instant, the first time after it at which files are closed. At most `flushMs` later. */
  nextFlush(nowMs: number): number;
}

/**
 * Decides when the open file of a partition is closed. A pure state machine: the caller passes the time, which is the wall clock in
 * epoch ms, because files are closed at times of the day.
 */
export function createRotation(limits: RotationLimits) {
  let records = 0;
  let flushAt = Number.POSITIVE_INFINITY;

  return {
    /** The file got a line. `bytes`: of the file so far. Returns why it must be closed now, or undefined. */
    added(nowMs: number, bytes: number): FlushTrigger | undefined {
      if (records === 0) flushAt = limits.nextFlush(nowMs);
      records += 1;
      if (records >= limits.records) return 'records';
      return bytes >= limits.bytes ? 'bytes' : undefined;
    },
    /** Whether the time of the file has passed. Always false for a file without a line. */
    isDue(nowMs: number): boolean {
      // When the clock was set back, the time to wait is longer than any file waits.
      return nowMs >= flushAt || (records > 0 && flushAt - nowMs > limits.flushMs);
    },
    /** Time until the file is due, in ms; Infinity for a file without a line. */
    dueInMs: (nowMs: number) => Math.max(0, flushAt - nowMs),
    records: () => records,
    /** A new file begins. */
    reset(): void {
      records = 0;
      flushAt = Number.POSITIVE_INFINITY;
    },
  };
}
