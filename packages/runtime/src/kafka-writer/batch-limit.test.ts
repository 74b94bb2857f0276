import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createBatchLimit } from './batch-limit.ts';

test('a refusal halves the limit, each minute without one doubles it, up to 900 000 bytes', () => {
  const limit = createBatchLimit();
  assert.equal(limit.bytes(0), 900_000);
  limit.refused(800_001, 1_000);
  assert.equal(limit.bytes(1_000), 400_000);
  limit.refused(300_000, 2_000);
  assert.equal(limit.bytes(61_999), 150_000);
  assert.equal(limit.bytes(62_000), 300_000);
  assert.equal(limit.bytes(62_001), 300_000);
  assert.equal(limit.bytes(122_000), 600_000);
  assert.equal(limit.bytes(182_000), 900_000);
  assert.equal(limit.bytes(999_000), 900_000);
});

test('a later refusal of a batch that was sent under a higher limit does not raise the limit', () => {
  const limit = createBatchLimit();
  limit.refused(10_000, 0);
  limit.refused(800_000, 0);
  assert.equal(limit.bytes(0), 5_000);
});
