import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { offsetAttribute } from './offset-attribute.ts';

test('an offset in a trace is a number up to 2^53 - 1, and digits from there on', () => {
  assert.equal(offsetAttribute('9007199254740991'), 9_007_199_254_740_991);
  assert.equal(offsetAttribute('9007199254740992'), '9007199254740992');
  assert.equal(offsetAttribute(2n ** 63n - 1n), '9223372036854775807');
});

test('no offset in a trace is rounded', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }), fc.nat(), (large, small) => {
      for (const offset of [large, BigInt(small)]) {
        assert.equal(BigInt(offsetAttribute(offset)), offset);
        assert.equal(offsetAttribute(String(offset)), offsetAttribute(offset));
      }
    }),
  );
});
