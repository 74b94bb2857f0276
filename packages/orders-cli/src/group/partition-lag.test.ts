import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nextOffset } from '@order-stream/runtime';
import { asOffsets, commitFault, type GroupPartition } from './group-partitions.ts';
import { lagOf } from './partition-lag.ts';

const partition = (
  offsets: Partial<GroupPartition> & { committed?: bigint; isOfTopic?: boolean },
) => {
  const { committed, isOfTopic = true, ...rest } = offsets;
  const commit =
    committed === undefined ? undefined : { offset: committed, metadata: null, isOfTopic };
  return { topic: 'orders', partition: 0, start: 10n, stable: 90n, end: 100n, commit, ...rest };
};

test('the lag ends where an open transaction begins, which is counted apart', () => {
  const lag = lagOf(partition({ committed: 40n }), 5_000, 7_500);
  assert.deepEqual([lag.records, lag.openTransactionRecords, lag.seconds], [50n, 10n, 2.5]);
  const done = lagOf(partition({ committed: 95n }), undefined, 7_500);
  assert.deepEqual([done.records, done.seconds], [0n, undefined]);
  const ahead = lagOf(partition({ committed: 40n }), 9_000, 7_500);
  assert.equal(ahead.seconds, 0);
});

test('a commit that the service does not use counts as none, and says why', () => {
  for (const [offsets, fault] of [
    [{}, 'no commit'],
    [{ committed: 40n, isOfTopic: false }, 'of a topic that was deleted'],
    [{ committed: 9n }, 'deleted by retention'],
    [{ committed: 101n }, 'past the end'],
  ] as const) {
    assert.equal(commitFault(partition(offsets)), fault);
    assert.equal(nextOffset(asOffsets(partition(offsets))), 10n, fault);
  }
  assert.equal(commitFault(partition({ committed: 10n })), undefined);
  assert.equal(nextOffset(asOffsets(partition({ committed: 100n }))), 100n);
});
