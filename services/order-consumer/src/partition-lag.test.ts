import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PartitionOffsets } from '@order-stream/runtime';
import fc from 'fast-check';
import { createPartitionLags } from './partition-lag.ts';

const unknown = () => undefined;
const offsets = (of: Partial<PartitionOffsets>): PartitionOffsets => ({
  topic: 'orders',
  partition: 0,
  start: 0n,
  stable: 100n,
  end: 100n,
  committed: 100n,
  ...of,
});

/** The lag of one partition, measured again and again. */
function measuring() {
  let clock = 1_000;
  const lags = createPartitionLags({ now: () => clock });
  return {
    pass(ms: number) {
      clock += ms;
    },
    measure: (of: Partial<PartitionOffsets>) => lags.measure([offsets(of)], unknown)[0],
  };
}

test('the lag is what the group can read and has not committed, from the start of the log at the earliest', () => {
  const { measure } = measuring();
  for (const [records, of] of [
    [0, {}],
    [30, { committed: 70n }],
    [100, { committed: undefined }],
    [60, { committed: undefined, start: 40n }],
    [60, { committed: 10n, start: 40n }],
    // The topic was created again, and nothing is committed for it yet.
    [100, { committed: 5_000n }],
    [20, { committed: 60n, stable: 80n }],
    [0, { committed: 90n, stable: 80n }],
  ] as const)
    assert.equal(measure(of)?.records, records);
});

test('the age of a lag is the time since the group last committed, and 0 while nothing waits', () => {
  const { measure, pass } = measuring();
  assert.equal(measure({ committed: 70n })?.seconds, 0);
  pass(5_000);
  assert.equal(measure({ committed: 70n, end: 200n, stable: 200n })?.seconds, 5);
  pass(5_000);
  assert.equal(measure({ committed: 80n })?.seconds, 0);
  pass(5_000);
  assert.equal(measure({ committed: 80n })?.seconds, 5);
  assert.equal(measure({ committed: 100n })?.seconds, 0);
  pass(60_000);
  assert.equal(measure({ committed: 100n, stable: 101n, end: 101n })?.seconds, 0);
  pass(5_000);
  assert.equal(measure({ committed: 100n, stable: 101n, end: 101n })?.seconds, 5);
});

test('the member that reads a partition knows the age better', () => {
  const lags = createPartitionLags();
  const [lag] = lags.measure([offsets({ committed: 70n })], (topic, partition, records) => {
    assert.deepEqual([topic, partition, records], ['orders', 0, 30]);
    return 90;
  });
  assert.equal(lag?.seconds, 90);
});

test('F08 records behind an open transaction are counted apart, with the time since it holds them', () => {
  const { measure, pass } = measuring();
  const open = { committed: 60n, stable: 60n };
  const first = measure(open);
  assert.deepEqual([first?.records, first?.seconds], [0, 0]);
  assert.deepEqual([first?.openTransactionRecords, first?.openTransactionSeconds], [40, 0]);
  pass(20_000);
  assert.equal(measure({ ...open, end: 150n })?.openTransactionRecords, 90);
  assert.equal(measure({ ...open, end: 150n })?.openTransactionSeconds, 20);
  // Another transaction is open now: the first one has ended.
  assert.equal(measure({ ...open, stable: 80n })?.openTransactionSeconds, 0);
  pass(20_000);
  const ended = measure({ committed: 60n });
  assert.deepEqual([ended?.records, ended?.openTransactionRecords], [40, 0]);
  assert.equal(ended?.openTransactionSeconds, 0);
});

test('F08 records that are written while the offsets are asked for are not behind a transaction', () => {
  const { measure, pass } = measuring();
  for (const stable of [100n, 103n, 250n]) {
    const lag = measure({ committed: 90n, end: stable - 3n, stable });
    assert.equal(lag?.records, Number(stable) - 90);
    assert.deepEqual([lag?.openTransactionRecords, lag?.openTransactionSeconds], [0, 0]);
    pass(20_000);
  }
});

test('F06 no lag is negative, and lag and open transactions make up what is written and not committed', () => {
  const offset = fc.bigInt({ min: 0n, max: 1_000n });
  fc.assert(
    fc.property(
      fc.tuple(offset, offset, offset).map((all) => all.toSorted((a, b) => Number(a - b))),
      fc.option(offset, { nil: undefined }),
      ([start = 0n, stable = 0n, end = 0n], committed) => {
        const [lag] = createPartitionLags().measure(
          [offsets({ start, stable, end, committed })],
          unknown,
        );
        assert.ok(lag && lag.records >= 0 && lag.openTransactionRecords >= 0);
        if (committed === undefined || committed < start || committed > end)
          assert.equal(lag.records, Number(stable - start));
        else if (committed <= stable)
          assert.equal(lag.records + lag.openTransactionRecords, Number(end - committed));
      },
    ),
  );
});
