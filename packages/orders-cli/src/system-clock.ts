import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from './load-run.ts';

/** The monotonic clock of the process, so that a change of the wall clock does not affect a run. */
export const systemClock: Clock = {
  nowMs: () => performance.now(),
  async sleepUntil(dueMs, stop) {
    // Timers may fire a fraction early, and take at least 1 ms.
    for (let left = dueMs - performance.now(); left > 0; left = dueMs - performance.now()) {
      try {
        await sleep(Math.min(Math.ceil(left), 2 ** 31 - 1), undefined, { signal: stop });
      } catch {
        return;
      }
    }
  },
};
