import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inflatedLimit } from './inflated-limit.ts';

const mib = 1024 * 1024;

test('a stream may inflate to 1 MiB, beyond that to 100 times its size, and never past the cap', () => {
  assert.equal(inflatedLimit(1, 32 * mib), mib);
  assert.equal(inflatedLimit(mib / 100, 32 * mib), mib);
  assert.equal(inflatedLimit(20_000, 32 * mib), 2_000_000);
  assert.equal(inflatedLimit(mib, 32 * mib), 32 * mib);
  assert.equal(inflatedLimit(1, 1000), 1000);
});
