import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createLoadTally, formatSummary } from './load-tally.ts';
import type { Outcome } from './order-poster.ts';

const acknowledged: Outcome = { kind: 'acknowledged' };
const outcome = fc.constantFrom<Outcome>(
  acknowledged,
  { kind: 'refused', reason: 'overloaded' },
  { kind: 'unknown', reason: 'ECONNRESET' },
);

test('every sent order is acknowledged, refused or unknown, and the last two have a reason', () => {
  fc.assert(
    fc.property(fc.array(outcome), (outcomes) => {
      const tally = createLoadTally();
      for (const each of outcomes) tally.add(each, 1);
      const { sent, acknowledged, refused, unknown, reasons } = tally.summary(1000);
      assert.equal(sent, outcomes.length);
      assert.equal(acknowledged + refused + unknown, sent);
      assert.equal(reasons.overloaded ?? 0, refused);
      assert.equal(reasons.ECONNRESET ?? 0, unknown);
    }),
  );
});

test('latency percentiles count acknowledged orders alone, to 0.2 %', () => {
  const tally = createLoadTally();
  for (let ms = 1; ms <= 1000; ms += 1) tally.add(acknowledged, ms);
  tally.add({ kind: 'refused', reason: 'overloaded' }, 9_000_000);
  const { latency_ms: latency } = tally.summary(1000);
  assert.ok(latency !== null);
  for (const [found, expected] of [
    [latency.p50, 500],
    [latency.p95, 950],
    [latency.p99, 990],
    [latency.max, 1000],
  ] as const) {
    assert.ok(Math.abs(found - expected) <= expected * 0.002, `${found} for ${expected}`);
  }
});

test('a run without an acknowledged order has no latency', () => {
  const tally = createLoadTally();
  tally.add({ kind: 'refused', reason: 'unreachable' }, 5);
  assert.equal(tally.summary(10).latency_ms, null);
  assert.equal(
    formatSummary(tally.summary(10)),
    '1 orders sent in 0.0 s: 0 acknowledged, 1 refused, 0 unknown (unreachable 1)',
  );
});
