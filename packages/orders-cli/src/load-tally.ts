import { createHistogram } from 'node:perf_hooks';
import type { Outcome } from './order-poster.ts';

/** The counts of a run, as `--json` prints them. */
export interface LoadSummary {
  sent: number;
  acknowledged: number;
  refused: number;
  unknown: number;
  /** Number of orders that were not acknowledged, by problem name or error code. */
  reasons: Record<string, number>;
  elapsed_seconds: number;
  /** Of acknowledged orders, counted from when each was due; null when no order was acknowledged. */
  latency_ms: { p50: number; p95: number; p99: number; max: number } | null;
}

/** Counts outcomes, in constant memory. */
export function createLoadTally() {
  const counts = { acknowledged: 0, refused: 0, unknown: 0 };
  const reasons = new Map<string, number>();
  const latencyMicros = createHistogram();
  const ms = (micros: number) => Math.round(micros / 10) / 100;

  return {
    add(outcome: Outcome, latencyMs: number): void {
      counts[outcome.kind] += 1;
      if (outcome.kind === 'acknowledged') {
        latencyMicros.record(Math.max(1, Math.round(latencyMs * 1000)));
      } else {
        reasons.set(outcome.reason, (reasons.get(outcome.reason) ?? 0) + 1);
      }
    },
    summary(elapsedMs: number): LoadSummary {
      return {
        sent: counts.acknowledged + counts.refused + counts.unknown,
        ...counts,
        reasons: Object.fromEntries(reasons),
        elapsed_seconds: Math.round(elapsedMs) / 1000,
        latency_ms:
          counts.acknowledged === 0
            ? null
            : {
                p50: ms(latencyMicros.percentile(50)),
                p95: ms(latencyMicros.percentile(95)),
                p99: ms(latencyMicros.percentile(99)),
                max: ms(latencyMicros.max),
              },
      };
    },
  };
}

/** The summary as text: outcomes and latency. */
export function formatSummary(summary: LoadSummary, records = 'orders'): string {
  const reasons = Object.entries(summary.reasons)
    .map(([reason, count]) => `${reason} ${count}`)
    .join(', ');
  const lines = [
    `${summary.sent} ${records} sent in ${summary.elapsed_seconds.toFixed(1)} s: ` +
      `${summary.acknowledged} acknowledged, ${summary.refused} refused, ${summary.unknown} unknown` +
      (reasons === '' ? '' : ` (${reasons})`),
  ];
  if (summary.latency_ms !== null) {
    const { p50, p95, p99, max } = summary.latency_ms;
    lines.push(`latency p50 ${p50} ms, p95 ${p95} ms, p99 ${p99} ms, max ${max} ms`);
  }
  return lines.join('\n');
}
