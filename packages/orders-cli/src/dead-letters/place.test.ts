import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UsageError } from '@order-stream/command-line';
import fc from 'fast-check';
import { placeFrom, positionsFrom, positionsText } from './place.ts';

test('what an interrupted run prints is what the next one takes', () => {
  const positions = fc.uniqueArray(
    fc.tuple(fc.integer({ min: 0, max: 2 ** 29 }), fc.bigInt({ min: 0n, max: 2n ** 62n })),
    { selector: ([partition]) => partition, minLength: 1, maxLength: 20 },
  );
  fc.assert(
    fc.property(positions, (pairs) => {
      const expected = new Map(pairs.sort(([one], [other]) => one - other));
      assert.deepEqual(positionsFrom(positionsText(expected)), expected);
    }),
  );
});

test('a place without partition or offset is wrong usage', () => {
  assert.deepEqual(placeFrom('3@41'), { partition: 3, offset: 41n });
  for (const wrong of ['', '41', '3@', '@41', '3@-1', '3/41', '3@41@5'])
    assert.throws(() => placeFrom(wrong), UsageError, wrong);
  assert.throws(() => positionsFrom('0@1,0@2'), /partition 0 occurs twice/);
});
