import { retryDelayMs } from './retry-policy.ts';

/** Fewer failures in a row may be one slow node of the store. */
const failuresToOpen = 5;

/**
 * Decides whether a request to a sink may begin. After 5 failures in a row of any requests, the breaker opens: requests wait, and
 * one at a time probes the sink after growing delays. The first success closes the breaker.
 *
 * A pure state machine: the caller passes the time and waits itself.
 */
export function createCircuitBreaker(random: () => number = Math.random) {
  let failures = 0;
  let probeAt = 0;
  let probing = false;

  return {
    /**
     * Asks whether a request may begin. With `waitMs` 0 it may, and must be reported to `ended` with the same `isProbe`. Otherwise ask
     * again after that time; Infinity while another request probes the sink.
     */
    begin(nowMs: number): { waitMs: number; isProbe: boolean } {
      if (failures < failuresToOpen) return { waitMs: 0, isProbe: false };
      if (probing) return { waitMs: Number.POSITIVE_INFINITY, isProbe: false };
      if (nowMs < probeAt) return { waitMs: probeAt - nowMs, isProbe: false };
      probing = true;
      return { waitMs: 0, isProbe: true };
    },
    /**
     * `answered`: by the sink, also with a refusal of one record. `failed`: the sink is down or refuses everything. `unknown`: the
     * request ended without a verdict, because its partition was revoked.
     */
    ended(outcome: 'answered' | 'failed' | 'unknown', nowMs: number, isProbe: boolean): void {
      if (isProbe) probing = false;
      if (outcome === 'answered') failures = 0;
      if (outcome !== 'failed') return;
      // Requests that were in flight when the breaker opened say nothing new. With many, the next probe would be far away.
      if (failures >= failuresToOpen && !isProbe) return;
      failures += 1;
      if (failures >= failuresToOpen)
        probeAt = nowMs + retryDelayMs(failures - failuresToOpen + 1, random);
    },
    /** Nothing waits for the sink, so nothing would probe it: what the last requests met says nothing about the next ones. */
    forget(): void {
      failures = 0;
    },
    isOpen: () => failures >= failuresToOpen,
  };
}
