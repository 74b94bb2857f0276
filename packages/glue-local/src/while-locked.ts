import { setTimeout as delay } from 'node:timers/promises';
import { DatabaseLockedError } from './database-locked.ts';

const pauseMs = 5;
const pause = new Int32Array(new SharedArrayBuffer(4));

/**
 * Repeats `work` while another process holds the lock of the database. Other requests are served between the attempts.
 * @throws the error of `work`; DatabaseLockedError after `waitMs`
 */
export async function whileLocked<Result>(work: () => Result, waitMs: number): Promise<Result> {
  const deadline = performance.now() + waitMs;
  for (;;) {
    try {
      return work();
    } catch (error) {
      if (isFinal(error, deadline)) throw error;
    }
    await delay(pauseMs);
  }
}

/**
 * Does the same at the start, when there are no requests yet, and blocks the process.
 * @throws the error of `work`; DatabaseLockedError after `waitMs`
 */
export function blockWhileLocked<Result>(work: () => Result, waitMs: number): Result {
  const deadline = performance.now() + waitMs;
  for (;;) {
    try {
      return work();
    } catch (error) {
      if (isFinal(error, deadline)) throw error;
    }
    Atomics.wait(pause, 0, 0, pauseMs);
  }
}

function isFinal(error: unknown, deadline: number): boolean {
  return !(error instanceof DatabaseLockedError) || performance.now() >= deadline;
}
