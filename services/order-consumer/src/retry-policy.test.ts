import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { retryDelayMs } from './retry-policy.ts';

test('the delay doubles from 100 ms to a cap of 30 s', () => {
  const delays = [1, 2, 3, 4, 9, 10, 11, 1_000].map((failures) => retryDelayMs(failures, () => 0));
  assert.deepEqual(delays, [100, 200, 400, 800, 25_600, 30_000, 30_000, 30_000]);
});

test('jitter shortens a delay by at most half and never lengthens it', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 10_000 }),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      (failures, chance) => {
        const whole = retryDelayMs(failures, () => 0);
        const delayMs = retryDelayMs(failures, () => chance);
        assert.ok(delayMs <= whole && delayMs >= Math.floor(whole / 2));
      },
    ),
  );
});
