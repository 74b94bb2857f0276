import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { retryDelayMs } from './retry-policy.ts';

test('the longest delay doubles from 100 ms to 30 s', () => {
  const longest = [1, 2, 3, 8, 9, 10, 1_000].map((failures) => retryDelayMs(failures, () => 1));
  assert.deepEqual(longest, [100, 200, 400, 12_800, 25_600, 30_000, 30_000]);
});

test('the delay is any part of the longest one', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 50 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (failures, random) => {
        const longest = retryDelayMs(failures, () => 1);
        assert.equal(
          retryDelayMs(failures, () => random),
          Math.round(longest * random),
        );
      },
    ),
  );
});
