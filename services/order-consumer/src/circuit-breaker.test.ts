import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createCircuitBreaker } from './circuit-breaker.ts';

const go = { waitMs: 0, isProbe: false };
const probe = { waitMs: 0, isProbe: true };
const wait = (waitMs: number) => ({ waitMs, isProbe: false });
const probedByAnother = wait(Number.POSITIVE_INFINITY);

function opened() {
  const breaker = createCircuitBreaker(() => 1);
  for (let i = 0; i < 5; i += 1) {
    assert.deepEqual(breaker.begin(0), go);
    assert.equal(breaker.isOpen(), false);
    breaker.ended('failed', 0, false);
  }
  return breaker;
}

test('five failures in a row open it, an answer in between does not', () => {
  const breaker = createCircuitBreaker(() => 1);
  for (let i = 0; i < 4; i += 1) breaker.ended('failed', 0, false);
  breaker.ended('unknown', 0, false);
  assert.equal(breaker.isOpen(), false);
  breaker.ended('answered', 0, false);
  for (let i = 0; i < 4; i += 1) breaker.ended('failed', 0, false);
  assert.equal(breaker.isOpen(), false);
  breaker.ended('failed', 0, false);
  assert.equal(breaker.isOpen(), true);
});

test('while it is open, one request probes after a delay that doubles', () => {
  const breaker = opened();
  assert.deepEqual(breaker.begin(0), wait(100));
  assert.deepEqual(breaker.begin(99), wait(1));
  assert.deepEqual(breaker.begin(100), probe);
  assert.deepEqual(breaker.begin(100), probedByAnother);
  breaker.ended('failed', 150, true);
  assert.deepEqual(breaker.begin(150), wait(200));
  assert.deepEqual(breaker.begin(350), probe);
  breaker.ended('unknown', 350, true);
  assert.deepEqual(breaker.begin(350), probe);
  breaker.ended('answered', 360, true);
  assert.equal(breaker.isOpen(), false);
  assert.deepEqual(breaker.begin(360), go);
});

test('a request that began before it opened ends without letting a second probe through', () => {
  for (const outcome of ['failed', 'unknown'] as const) {
    const breaker = opened();
    assert.deepEqual(breaker.begin(100), probe);
    breaker.ended(outcome, 100, false);
    assert.deepEqual(breaker.begin(60_000), probedByAnother);
  }
});

test('many requests that fail together delay the first probe no more than five', () => {
  const breaker = opened();
  for (let i = 0; i < 60; i += 1) breaker.ended('failed', 50, false);
  assert.deepEqual(breaker.begin(50), wait(50));
  assert.deepEqual(breaker.begin(100), probe);
  breaker.ended('failed', 100, true);
  assert.deepEqual(breaker.begin(100), wait(200));
});

test('without a request that waits, the failures are forgotten: five more open it again', () => {
  const breaker = opened();
  breaker.forget();
  assert.equal(breaker.isOpen(), false);
  assert.deepEqual(breaker.begin(0), go);
  for (let i = 0; i < 4; i += 1) breaker.ended('failed', 0, false);
  assert.equal(breaker.isOpen(), false);
  breaker.ended('failed', 0, false);
  assert.deepEqual(breaker.begin(0), wait(100));
});

test('an open breaker never lets two probes through at once, and always lets one through in the end', () => {
  const step = fc.record({
    ms: fc.integer({ min: 0, max: 40_000 }),
    outcome: fc.constantFrom('failed' as const, 'unknown' as const),
    late: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const breaker = opened();
      let now = 0;
      for (const { ms, outcome, late } of steps) {
        now += ms;
        const { waitMs, isProbe } = breaker.begin(now);
        assert.ok(waitMs <= 30_000);
        now += waitMs;
        if (!isProbe) assert.deepEqual(breaker.begin(now), probe);
        assert.deepEqual(breaker.begin(now), probedByAnother);
        if (late) breaker.ended('failed', now, false);
        assert.deepEqual(breaker.begin(now + 60_000), probedByAnother);
        breaker.ended(outcome, now, true);
      }
    }),
  );
});
