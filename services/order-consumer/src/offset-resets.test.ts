import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createOffsetResets } from './offset-resets.ts';

const place = ['orders', 3] as const;
const [topic, partition] = place;

test('a topic that has another id than before was created again, and is reported once for each partition and id', () => {
  const resets = createOffsetResets();
  const recreated = { topic, partition, reason: 'topic-recreated', lost: 0 };
  assert.equal(resets.begins(...place, 'a'), undefined);
  assert.equal(resets.begins(...place, 'a'), undefined);
  assert.deepEqual(resets.begins(...place, 'b'), recreated);
  assert.equal(resets.resets(...place, { from: 9n, to: 0n, isSameLog: false }), undefined);
  assert.equal(resets.begins(...place, 'b'), undefined);
  assert.deepEqual(resets.begins(...place, 'c'), recreated);
  assert.equal(resets.begins('orders', 4, 'c'), undefined);
});

test('after a restart, only the committed offset tells that the topic was created again', () => {
  const resets = createOffsetResets();
  assert.equal(resets.begins(...place, 'b'), undefined);
  const reset = resets.resets(...place, { from: 9n, to: 0n, isSameLog: false });
  assert.equal(reset?.reason, 'topic-recreated');
});

test('brokers without topic ids report no topic as created again', () => {
  const resets = createOffsetResets();
  for (const topicId of [undefined, 'a', undefined, undefined])
    assert.equal(resets.begins(...place, topicId), undefined);
});

test('within one log, records were deleted before the new offset, or the log ended before the old one', () => {
  const resets = createOffsetResets();
  const reset = (from: bigint, to: bigint) =>
    resets.resets(...place, { from, to, isSameLog: true });
  assert.deepEqual(reset(5n, 9n), { topic, partition, reason: 'records-deleted', lost: 4 });
  assert.deepEqual(reset(9n, 0n), { topic, partition, reason: 'log-ended-before', lost: 0 });
  assert.deepEqual(reset(9n, 9n), { topic, partition, reason: 'log-ended-before', lost: 0 });
});
